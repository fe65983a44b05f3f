package org.sluice.helpers.ftp;

import java.net.InetAddress;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;
import org.sluice.helpers.text.Line;
import org.sluice.helpers.text.LineSession;

/**
 * One FTP control connection. Nothing is believed before the server's 220 and the client's USER or AUTH, and a 227 or 229 only as the
 * answer to a PASV or EPSV, so that nobody can smuggle them in through another protocol; what begins as an HTTP request is left alone.
 */
final class FtpSession extends LineSession {
    private static final int MAX_LINE = 1024;
    private static final int CODE_LENGTH = 3;
    /** Telnet's "interpret as command" (RFC 854), which clients put before ABOR. */
    private static final int IAC = 255;

    private final Control control;
    private boolean begun;
    private boolean greeted;
    private boolean introduced;
    /** Replies to PASV and EPSV that are still to come; clients may send commands ahead. */
    private int passivePending;
    private boolean authPending;
    /** Code of the reply of several lines that is being sent, or 0 (RFC 959 section 4.2). */
    private int multiLine;

    FtpSession(Control control) {
        super(MAX_LINE);
        this.control = control;
    }

    @Override
    protected boolean mayMatter(Direction from, Line line) {
        if (from == Direction.ORIGINAL) {
            int at = commandStart(line);
            return isBlankOrEnd(line.at(at + 4)) && (line.couldBeWordAt(at, "PORT") || line.couldBeWordAt(at, "EPRT"));
        }
        return passivePending > 0
                && (multiLine == 227 || line.couldBeWordAt(0, "227") || line.couldBeWordAt(0, "229"));
    }

    @Override
    protected void onLine(Direction from, Line line) {
        if (from == Direction.ORIGINAL) {
            if (!begun && (line.isHttpRequest() || line.length() == MAX_LINE)) {
                leave("not_ftp");
                return;
            }
            begun = true;
            onCommand(line, commandStart(line));
        } else {
            onReply(line);
        }
    }

    private void leave(String why) {
        control.count(why);
        control.detach();
        stop();
    }

    private void onCommand(Line line, int at) {
        if (isCommand(line, at, "USER")) {
            introduced = true;
        } else if (isCommand(line, at, "AUTH")) {
            introduced = true;
            authPending = true;
        } else if (isCommand(line, at, "PASV") || isCommand(line, at, "EPSV")) {
            passivePending++;
        } else if (isCommand(line, at, "PORT")) {
            offer(Direction.ORIGINAL, FtpAddress.numbersAt(line, line.skipBlanks(at + 4)));
        } else if (isCommand(line, at, "EPRT")) {
            offer(Direction.ORIGINAL, FtpAddress.extendedAt(line, line.skipBlanks(at + 4)));
        }
    }

    private static boolean isCommand(Line line, int at, String command) {
        return line.isWordAt(at, command) && isBlankOrEnd(line.at(at + command.length()));
    }

    private static boolean isBlankOrEnd(int c) {
        return c < 0 || c == ' ' || c == '\t';
    }

    /** @return index behind blanks and Telnet commands. */
    private static int commandStart(Line line) {
        int at = 0;
        while (line.at(at) >= 240 || line.at(at) == ' ') {
            // WILL, WONT, DO and DONT (251 to 254) carry an option; other commands are two bytes, DM (242) may stand alone
            int next = line.at(at + 1);
            at += line.at(at) == IAC && next >= 251 && next <= 254 ? 3 : line.at(at) == IAC && next >= 240 ? 2 : 1;
        }
        return Math.min(at, line.length());
    }

    private void onReply(Line line) {
        int code = (int) line.number(0, Math.min(CODE_LENGTH, line.length()), 599);
        boolean hasCode = line.length() >= CODE_LENGTH && code >= 100;
        boolean ends = hasCode && (line.length() == CODE_LENGTH || line.at(CODE_LENGTH) == ' ');
        boolean begins = hasCode && line.at(CODE_LENGTH) == '-';
        if (multiLine != 0) {
            if (ends && code == multiLine) {
                multiLine = 0;
                onCode(code, line);
            } else if (multiLine == 227 && passivePending > 0) {
                // what such a line names is no promise, but the address in it must not leak
                onPassiveReply(FtpAddress.numbersIn(line, begins ? CODE_LENGTH : 0));
            }
        } else if (begins) {
            multiLine = code;
            if (code == 227 && passivePending > 0) {
                onPassiveReply(FtpAddress.numbersIn(line, CODE_LENGTH));
            }
        } else if (ends) {
            onCode(code, line);
        }
    }

    private void onCode(int code, Line line) {
        switch (code) {
            case 220 -> greeted = true;
            case 227 -> {
                onPassiveReply(FtpAddress.numbersIn(line, CODE_LENGTH));
                passivePending = Math.max(0, passivePending - 1);
            }
            case 229 -> {
                InetAddress own = control.endpointOf(Direction.REPLY).address();
                onPassiveReply(FtpAddress.portIn(line, CODE_LENGTH, own));
                passivePending = Math.max(0, passivePending - 1);
            }
            case 234 -> {
                if (authPending) {
                    // RFC 4217 section 4: from here on it is TLS
                    leave("tls");
                }
            }
            default -> {
                // an error answers AUTH or PASV too, but which command it answers is not known for sure
                if (code >= 500) {
                    authPending = false;
                }
            }
        }
    }

    private void onPassiveReply(FtpAddress.Found found) {
        if (passivePending > 0) {
            offer(Direction.REPLY, found);
        }
    }

    private void offer(Direction from, FtpAddress.Found found) {
        if (found == null) {
            control.count("not_understood");
        } else if (!greeted || !introduced) {
            control.count("too_early");
        } else if (!isWritable()) {
            control.count("too_late");
        } else {
            control.expect(from, Peer.OTHER_SIDE, Transport.TCP,
                    mention(found.begin(), found.end(), found.form(), found.endpoint()));
        }
    }
}
