package org.sluice.helpers.ftp;

import java.net.InetAddress;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.text.Line;

/** Finds endpoints in FTP's notations. A number out of range makes it no endpoint at all. */
final class FtpAddress {
    private static final int MAX_PORT = 0xFFFF;
    private static final int NUMBERS = 6;
    private static final int LONGEST_ADDRESS = 45;

    private FtpAddress() {}

    /**
     * An endpoint and where it stands.
     *
     * @param begin index of its first byte in the line
     * @param end index behind its last
     * @param form notation
     * @param endpoint address and port
     */
    record Found(int begin, int end, FtpForm form, Endpoint endpoint) {}

    /** @return six numbers h1,h2,h3,h4,p1,p2 that begin exactly there, with or without blanks around the commas, or null. */
    static Found numbersAt(Line line, int begin) {
        byte[] values = new byte[NUMBERS];
        int at = begin;
        int end = begin;
        for (int i = 0; i < NUMBERS; i++) {
            end = line.skipDigits(at);
            long value = line.number(at, end, 255);
            int next = line.skipBlanks(end);
            if (value < 0 || (line.at(next) == ',') != (i < NUMBERS - 1)) {
                return null;
            }
            values[i] = (byte) value;
            at = line.skipBlanks(next + 1);
        }
        InetAddress address = literal((values[0] & 0xFF) + "." + (values[1] & 0xFF) + "." + (values[2] & 0xFF) + "."
                + (values[3] & 0xFF));
        int port = (values[4] & 0xFF) << 8 | values[5] & 0xFF;
        return new Found(begin, end, new FtpForm.Numbers(), new Endpoint(address, port));
    }

    /** @return the first six numbers in any text (RFC 1123 4.1.2.6: the reply's text must not be relied on), or null. */
    static Found numbersIn(Line line, int from) {
        int at = from;
        while (at < line.length()) {
            if (Line.isDigit(line.at(at))) {
                Found found = numbersAt(line, at);
                if (found != null) {
                    return found;
                }
                // all of it: six of seven numbers are no address
                while (Line.isDigit(line.at(at)) || line.at(at) == ',') {
                    at++;
                }
            } else {
                at++;
            }
        }
        return null;
    }

    /** @return what EPRT says: delimiter, 1 or 2, address, port, or null. */
    static Found extendedAt(Line line, int begin) {
        int delimiter = line.at(begin);
        if (!isDelimiter(delimiter)) {
            return null;
        }
        int family = line.at(begin + 1);
        int addressBegin = begin + 3;
        int addressEnd = line.indexOf(delimiter, addressBegin);
        int portEnd = addressEnd < 0 ? -1 : line.indexOf(delimiter, addressEnd + 1);
        if (line.at(begin + 2) != delimiter || portEnd < 0 || addressEnd - addressBegin > LONGEST_ADDRESS) {
            return null;
        }
        InetAddress address = literal(line.text(addressBegin, addressEnd));
        long port = line.number(addressEnd + 1, portEnd, MAX_PORT);
        if (address == null || port < 0
                || address.getAddress().length != (family == '1' ? 4 : family == '2' ? 16 : 0)) {
            return null;
        }
        return new Found(begin, portEnd + 1, new FtpForm.Extended((char) delimiter), new Endpoint(address, (int) port));
    }

    /** @return the port of a 229: three delimiters, port, delimiter, anywhere in the text, or null. @param own server's address */
    static Found portIn(Line line, int from, InetAddress own) {
        for (int at = from; at + 4 < line.length(); at++) {
            int delimiter = line.at(at);
            if (isDelimiter(delimiter) && line.at(at + 1) == delimiter && line.at(at + 2) == delimiter) {
                int end = line.skipDigits(at + 3);
                long port = line.number(at + 3, end, MAX_PORT);
                if (port >= 0 && line.at(end) == delimiter) {
                    return new Found(at + 3, end, new FtpForm.PortOnly(), new Endpoint(own, (int) port));
                }
            }
        }
        return null;
    }

    /** RFC 2428 section 2: ASCII 33 to 126; a digit could not be told from the port. */
    private static boolean isDelimiter(int c) {
        return c >= 33 && c <= 126 && !Line.isDigit(c);
    }

    /** @return the address, never asking a name server; null when it is none. */
    private static InetAddress literal(String text) {
        // a dot or a colon keeps short forms such as "1" or "0x7f000001" out
        if (text.indexOf('.') < 0 && text.indexOf(':') < 0 || text.indexOf('%') >= 0) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
