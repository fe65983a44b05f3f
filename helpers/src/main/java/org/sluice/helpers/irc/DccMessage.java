package org.sluice.helpers.irc;

import java.net.InetAddress;
import org.sluice.helpers.text.Line;

/**
 * What a CTCP message of the DCC kind says, and where in its line. These are known, in any letter case; what stands in brackets may
 * be left out, and a name with blanks stands between quotes:
 *
 * <pre>
 *   DCC SEND|TSEND|MOVE name address port [size [token]]
 *   DCC CHAT|SCHAT chat address port [token]
 *   DCC XMIT protocol address port [name [size [type]]]
 *   DCC RESUME|ACCEPT name port position [token]
 * </pre>
 *
 * Port 0 with a token asks the receiver to listen instead (reverse or passive DCC).
 *
 * @param begin index of the address, or of the port when there is no address
 * @param end index behind the port
 * @param form how it is written
 * @param address null when there is none
 * @param port 0 to 65535
 */
record DccMessage(int begin, int end, DccForm form, InetAddress address, int port) {
    private static final int MAX_PORT = 0xFFFF;
    private static final String[] OFFERS = {"SEND", "CHAT", "SCHAT", "TSEND", "MOVE", "XMIT"};

    /** What a message is about. */
    enum Kind {
        /** Where the sender of the message listens. */
        OFFER,
        /** Asks the one who offered a file at a port for the rest of it. */
        RESUME,
        /** The one who offered the file agrees. */
        ACCEPT,
        /** Not to be read. */
        OTHER
    }

    /** @param begin index behind the \001 */
    static boolean isDcc(Line line, int begin) {
        return line.isWordAt(begin, "DCC ");
    }

    /** @param begin index behind the \001 of a message that is DCC */
    static Kind kind(Line line, int begin) {
        int verb = verb(line, begin);
        for (String offer : OFFERS) {
            if (isVerb(line, verb, offer)) {
                return Kind.OFFER;
            }
        }
        return isVerb(line, verb, "RESUME") ? Kind.RESUME : isVerb(line, verb, "ACCEPT") ? Kind.ACCEPT : Kind.OTHER;
    }

    /**
     * Some clients leave the quotes away when they answer: then the address is where only numbers follow.
     *
     * @param end index of the closing \001
     * @return null when it is not understood
     */
    static DccMessage offer(Line line, int begin, int end) {
        int name = behindName(line, begin, end);
        for (int word = name; word < end; word = behindWord(line, line.skipBlanks(word), end)) {
            DccMessage found = endpoint(line, word, end);
            if (found != null && !isLow(found.address) && (word == name || isNumbers(line, found.end, end))) {
                return found;
            }
        }
        return null;
    }

    private static DccMessage endpoint(Line line, int behind, int end) {
        int address = line.skipBlanks(behind);
        int addressEnd = behindWord(line, address, end);
        InetAddress host = DccAddress.parse(line, address, addressEnd);
        int port = line.skipBlanks(addressEnd);
        int portEnd = behindWord(line, port, end);
        long number = line.number(port, portEnd, MAX_PORT);
        return host == null || number < 0
                ? null
                : new DccMessage(address, portEnd, DccAddress.form(line, address, addressEnd), host, (int) number);
    }

    /** @return whether it is rather a number in a file's name: 0.0.0.0/8 is nobody's (RFC 1122 section 3.2.1.3). */
    private static boolean isLow(InetAddress address) {
        return address.getAddress()[0] == 0 && address.getAddress().length == Integer.BYTES;
    }

    /** @return whether a size and a token, or less, are all that follows. */
    private static boolean isNumbers(Line line, int begin, int end) {
        int at = line.skipBlanks(begin);
        for (int i = 0; i < 2 && Line.isDigit(line.at(at)); i++) {
            at = line.skipBlanks(line.skipDigits(at));
        }
        return at == end;
    }

    /** Of a RESUME or ACCEPT. @param end index of the closing \001. @return null when it is not understood */
    static DccMessage port(Line line, int begin, int end) {
        int port = line.skipBlanks(behindName(line, begin, end));
        int portEnd = behindWord(line, port, end);
        long number = line.number(port, portEnd, MAX_PORT);
        return number < 0 ? null : new DccMessage(port, portEnd, DccForm.PORT, null, (int) number);
    }

    private static int verb(Line line, int begin) {
        return line.skipBlanks(begin + "DCC ".length());
    }

    private static boolean isVerb(Line line, int at, String verb) {
        return line.isWordAt(at, verb) && line.at(at + verb.length()) == ' ';
    }

    /** @return index behind the file's name, or what stands in its place. */
    private static int behindName(Line line, int begin, int end) {
        int name = line.skipBlanks(behindWord(line, verb(line, begin), end));
        if (line.at(name) != '"') {
            return behindWord(line, name, end);
        }
        // a name may have quotes too, and nothing behind it has
        for (int i = end - 1; i > name; i--) {
            if (line.at(i) == '"') {
                return i + 1;
            }
        }
        return end;
    }

    private static int behindWord(Line line, int begin, int end) {
        int blank = line.indexOf(' ', begin);
        return blank < 0 ? end : Math.min(blank, end);
    }
}
