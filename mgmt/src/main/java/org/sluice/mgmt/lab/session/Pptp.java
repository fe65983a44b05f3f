package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * How Debian's pptpd and pptp are started so that they need no PPP in the kernel: a call's frames go to and come from a program or the
 * caller's standard input and output, while control connections and GRE are their own.
 */
public final class Pptp {
    /** TCP port of the control connection. */
    public static final int PORT = 1723;
    /** What the server says first on each call. */
    public static final String GREETINGS = "greetings";

    /** What pptpd starts a program by that was not installed, but unpacked. */
    private static final String WITH_OWN_PROGRAMS = """
            [ "$0" = /usr/sbin ] || mount -t overlay overlay -o lowerdir="$0":/usr/sbin /usr/sbin || exit
            exec "$@"
            """;

    private Pptp() {}

    /**
     * Prepares a server that in the place of pppd says the first word, as pppd does, and then sends every frame back.
     *
     * @param directory takes its files, and {@code calls}, which has for each call a file of what came on it
     * @param address to listen on
     * @param pptpctrl that program of pptpd's
     * @return its command line
     */
    public static List<String> server(Path directory, String address, Path pptpctrl) throws IOException {
        Path calls = Files.createDirectory(directory.resolve("calls"));
        Path echo = directory.resolve("echo");
        Files.writeString(echo, """
                #!/bin/sh
                stty raw -echo
                printf '%s' >&0
                exec tee "%s/$$" >&0
                """.formatted(octal(PppFrame.of(GREETINGS)), calls));
        Files.setPosixFilePermissions(echo, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path configuration = directory.resolve("pptpd.conf");
        Files.write(configuration, List.of("ppp " + echo, "option /dev/null", "delegate", "listen " + address,
                "pidfile " + directory.resolve("pid")));
        return List.of("sh", "-c", WITH_OWN_PROGRAMS, pptpctrl.getParent().toString(), "/usr/sbin/pptpd", "--fg",
                "--conf", configuration.toString());
    }

    private static String octal(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append("\\%03o".formatted(b & 0xFF));
        }
        return text.toString();
    }

    /**
     * Prepares a client that takes frames from its standard input and prints those that come. It shares its control connection with
     * others on the host through a socket in /run, so each has a /run of its own, in the mount namespace that ip-netns(8) gives it.
     *
     * @param directory takes its files
     * @param server as the client knows it
     * @param from own address
     * @return its command line
     */
    public static List<String> client(Path directory, String pptp, String script, String server, String from)
            throws IOException {
        Files.createDirectories(directory.resolve("run/pptp"));
        String dial = "stty raw -echo; exec %s %s --nolaunchpppd --nohostroute --nobuffer --localbind %s".formatted(
                pptp,
                server, from);
        return List.of("sh", "-c", "mount --bind \"$0/run\" /run && exec \"$@\"", directory.toString(), script, "-qfc",
                dial, "/dev/null");
    }

    /** @return what has come so far, from a file of frames. */
    static String heard(Path received) {
        try {
            return Files.readString(received, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
