package org.sluice.helpers.ftp;

import java.net.InetAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;
import org.sluice.helpers.text.Line;
import org.sluice.helpers.text.LineSession;

/**
 * One FTP control connection. Nothing is believed before the server's 220 and the client's USER, and a 227 or 229 only as the answer
 * to a PASV or EPSV, so that nobody can smuggle them in through another protocol; what begins as an HTTP request or as no text at all is
 * left alone.
 *
 * <p>From 234 on it is TLS (RFC 4217), of which the records' ends are followed and nothing is read. After CCC (RFC 2228 section 3),
 * which can't be seen, the client speaks plainly where a record would be due, and by then the server has ended TLS too: then reading
 * begins again.
 */
final class FtpSession extends LineSession {
    private static final int MAX_LINE = 1024;
    /** Telnet's "interpret as command" (RFC 854), which clients put before ABOR. */
    private static final int IAC = 255;
    private static final int MEMORY = 4 + 6 * Integer.BYTES;

    private final Control control;
    private final FtpReplies replies = new FtpReplies();
    /** Who may connect to a server's passive port. */
    private final Peer passivePeer;
    private boolean begun;
    private boolean greeted;
    private boolean introduced;
    /** Replies to PASV that are still to come; clients may send commands ahead. */
    private int pasvPending;
    private int epsvPending;
    /** Commands that the client has sent, and final replies to them. */
    private int sent;
    private int answered;
    /** Which of the commands was EPSV ALL, or 0. */
    private int epsvAll;
    private boolean authPending;
    /** By direction; null when there is no TLS. */
    private TlsRecords[] tls;

    FtpSession(Control control, boolean thirdParty) {
        super(MAX_LINE);
        this.control = control;
        passivePeer = thirdParty ? Peer.ANYONE : Peer.OTHER_SIDE;
    }

    @Override
    protected int notText(Direction from, DirectBuffer stream, int offset, int length) {
        if (tls == null) {
            return 0;
        }
        TlsRecords records = tls[from.ordinal()];
        int count = records.skip(stream, offset, length);
        if (records.isBroken()) {
            leave("not_tls");
        }
        return count;
    }

    /** @return whether there is no TLS, or none any more on either side. */
    private boolean isPlain() {
        return tls == null || tls[0].isText() && tls[1].isOver();
    }

    @Override
    protected boolean mayMatter(Direction from, Line line) {
        if (!isPlain()) {
            return false;
        }
        if (from == Direction.ORIGINAL) {
            int at = commandStart(line);
            return isBlankOrEnd(line.at(at + 4)) && (line.couldBeWordAt(at, "PORT") || line.couldBeWordAt(at, "EPRT"));
        }
        return pasvPending > 0 && (replies.open() == 227 || line.couldBeWordAt(0, "227"))
                || epsvPending > 0 && (replies.open() == 229 || line.couldBeWordAt(0, "229"));
    }

    @Override
    protected void onLine(Direction from, Line line) {
        if (from == Direction.REPLY) {
            onReply(line);
        } else if (!begun && isNotFtp(line)) {
            leave("not_ftp");
        } else {
            begun = true;
            onCommand(line, commandStart(line));
        }
    }

    /** A browser sends HTTP, or a TLS or STUN message in which it may let others choose some bytes, to any port it is told. */
    private static boolean isNotFtp(Line line) {
        return line.isHttpRequest() || line.length() == MAX_LINE || line.hasControls();
    }

    private void leave(String why) {
        control.count(why);
        control.detach();
        stop();
    }

    private void onCommand(Line line, int at) {
        if (at < line.length()) {
            sent++;
        }
        if (isCommand(line, at, "USER")) {
            introduced = true;
        } else if (isCommand(line, at, "AUTH")) {
            authPending = true;
        } else if (isCommand(line, at, "PASV")) {
            pasvPending++;
        } else if (isCommand(line, at, "EPSV")) {
            onEpsv(line, line.skipBlanks(at + 4));
        } else if (isCommand(line, at, "PORT")) {
            offer(Direction.ORIGINAL, FtpAddress.numbersAt(line, line.skipBlanks(at + 4)));
        } else if (isCommand(line, at, "EPRT")) {
            offer(Direction.ORIGINAL, FtpAddress.extendedAt(line, line.skipBlanks(at + 4)));
        }
    }

    private void onEpsv(Line line, int argument) {
        if (isCommand(line, argument, "ALL")) {
            epsvAll = sent;
        } else {
            epsvPending++;
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
        while (line.at(at) >= 240 || line.at(at) == ' ' || line.at(at) == '\t') {
            // WILL, WONT, DO and DONT (251 to 254) carry an option; other commands are two bytes, DM (242) may stand alone
            int next = line.at(at + 1);
            at += line.at(at) == IAC && next >= 251 && next <= 254 ? 3 : line.at(at) == IAC && next >= 240 ? 2 : 1;
        }
        return Math.min(at, line.length());
    }

    private void onReply(Line line) {
        int code = replies.read(line);
        if (code == 227 && pasvPending > 0) {
            onPassiveReply(FtpAddress.numbersIn(line, replies.textBegin()));
        } else if (code == 229 && epsvPending > 0) {
            InetAddress own = control.endpointOf(Direction.REPLY).address();
            onPassiveReply(FtpAddress.portIn(line, replies.textBegin(), own));
        }
        if (replies.isLast()) {
            onWholeReply(code);
        }
    }

    /** What a line before the last one names is no promise, but an address in it must not leak. */
    private void onPassiveReply(FtpAddress.Found found) {
        if (found != null || replies.isLast()) {
            offer(Direction.REPLY, found);
        }
    }

    private void onWholeReply(int code) {
        if (!greeted) {
            greeted = code == 220;
            return;
        }
        switch (code) {
            case 227 -> pasvPending = Math.max(0, pasvPending - 1);
            case 229 -> epsvPending = Math.max(0, epsvPending - 1);
            case 234 -> beginTls();
            default -> {
                // nothing hangs on it
            }
        }
        if (code >= 200 && answered < sent) {
            answered++;
            if (answered == epsvAll && code >= 400) {
                epsvAll = 0;
            }
        }
    }

    /** RFC 4217 section 4: behind the answer to AUTH it is TLS, in which the client makes itself known anew. */
    private void beginTls() {
        if (authPending) {
            control.count("tls");
            tls = new TlsRecords[]{new TlsRecords(), new TlsRecords()};
            authPending = false;
            introduced = true;
            begun = false;
            pasvPending = 0;
            epsvPending = 0;
        }
    }

    private void offer(Direction from, FtpAddress.Found found) {
        if (found == null) {
            control.count("not_understood");
        } else if (!greeted || !introduced || !isPlain()) {
            control.count("too_early");
        } else if (epsvAll != 0 && !(found.form() instanceof FtpForm.PortOnly)) {
            // RFC 2428 section 3: the server refuses everything but EPSV from there on
            control.count("after_epsv_all");
        } else if (!isWritable()) {
            control.count("too_late");
        } else {
            control.expect(from, from == Direction.REPLY ? passivePeer : Peer.OTHER_SIDE, Transport.TCP,
                    mention(found.begin(), found.end(), found.form(), found.endpoint()));
        }
    }

    /** Of TLS only the ends of records are known, which would have to be counted on. */
    @Override
    protected int saveState(MutableDirectBuffer memory, int offset) {
        if (tls != null) {
            return -1;
        }
        memory.putByte(offset, (byte) (begun ? 1 : 0));
        memory.putByte(offset + 1, (byte) (greeted ? 1 : 0));
        memory.putByte(offset + 2, (byte) (introduced ? 1 : 0));
        memory.putByte(offset + 3, (byte) (authPending ? 1 : 0));
        int at = offset + 4;
        for (int number : new int[]{pasvPending, epsvPending, sent, answered, epsvAll, replies.open()}) {
            memory.putInt(at, number);
            at += Integer.BYTES;
        }
        return MEMORY;
    }

    @Override
    protected boolean restoreState(DirectBuffer memory, int offset, int length) {
        if (length != MEMORY) {
            return false;
        }
        begun = memory.getByte(offset) != 0;
        greeted = memory.getByte(offset + 1) != 0;
        introduced = memory.getByte(offset + 2) != 0;
        authPending = memory.getByte(offset + 3) != 0;
        int at = offset + 4;
        pasvPending = memory.getInt(at);
        epsvPending = memory.getInt(at + Integer.BYTES);
        sent = memory.getInt(at + 2 * Integer.BYTES);
        answered = memory.getInt(at + 3 * Integer.BYTES);
        epsvAll = memory.getInt(at + 4 * Integer.BYTES);
        replies.reopen(memory.getInt(at + 5 * Integer.BYTES));
        return true;
    }
}
