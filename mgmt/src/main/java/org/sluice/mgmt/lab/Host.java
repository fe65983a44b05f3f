package org.sluice.mgmt.lab;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.util.Arrays;
import org.slf4j.LoggerFactory;

/**
 * What runs inside a host of the lab: a thread can't enter a network namespace, so each program is a process of its own. It
 * prints lines and ends with status 0, or says on standard error why not and ends with 1.
 *
 * <pre>
 * server    address=A directory=D user=U password=P       FTP (21), HTTP (80) and IRC (6667) until standard input ends
 * http      url=URL [times=N]
 * ftp       host=H [port=21] user=U password=P mode=M action=get|put file=F [to=PATH] [size=N] [seed=S] [times=N]
 * irc       host=H [port=6667] peer=NICK kind=SEND|CHAT [size=N]
 * irc-peer  host=H [port=6667] nick=NICK        answers DCC offers until standard input ends
 * connect   host=H port=N [seconds=2]           only opens a TCP connection
 * </pre>
 */
public final class Host {

    private Host() {}

    /** See the class comment. */
    public static void main(String[] arguments) {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.ERROR);
        }
        try {
            run(arguments[0], new Arguments(arguments, 1));
            System.exit(0);
        } catch (Exception e) {
            System.err.println(String.join(" ", Arrays.asList(arguments)) + ": " + e);
            System.exit(1);
        }
    }

    private static void run(String program, Arguments arguments) throws Exception {
        switch (program) {
            case "server" -> {
                LabServer.start(arguments);
                ready();
            }
            case "irc-peer" -> {
                IrcPeer.start(arguments.text("host"), arguments.number("port", IrcRelay.PORT), arguments.text("nick"));
                ready();
            }
            case "http" -> HttpProgram.run(arguments);
            case "ftp" -> FtpProgram.run(arguments);
            case "irc" -> IrcProgram.run(arguments);
            case "connect" -> ConnectProgram.run(arguments);
            default -> throw new IllegalArgumentException("no such program");
        }
    }

    /** Standard input ends when the process that started this one does: nothing is left behind, however it ended. */
    private static void ready() throws IOException {
        say("ready");
        while (System.in.read() >= 0) {
            // nothing is expected on it
        }
    }

    /** Prints a line at once. Any thread may call. */
    static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
