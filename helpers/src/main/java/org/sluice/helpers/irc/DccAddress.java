package org.sluice.helpers.irc;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.sluice.helpers.text.Line;

/** The address in a DCC offer: one decimal number as the first clients wrote it, dotted decimals, or IPv6. */
final class DccAddress {
    private static final int LONGEST = 45;
    private static final long MAX_IPV4 = 0xFFFF_FFFFL;

    private DccAddress() {}

    /** @return the notation of what stands between, or null when it is no address. */
    static DccForm form(Line line, int begin, int end) {
        if (line.number(begin, end, MAX_IPV4) >= 0) {
            return DccForm.DECIMAL;
        }
        return parseLiteral(line, begin, end) == null ? null : DccForm.LITERAL;
    }

    static InetAddress parse(Line line, int begin, int end) {
        long number = line.number(begin, end, MAX_IPV4);
        if (number < 0) {
            return parseLiteral(line, begin, end);
        }
        try {
            return InetAddress.getByAddress(ByteBuffer.allocate(Integer.BYTES).putInt((int) number).array());
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    private static InetAddress parseLiteral(Line line, int begin, int end) {
        if (end - begin > LONGEST || end <= begin
                || line.indexOf('%', begin) >= begin && line.indexOf('%', begin) < end) {
            return null;
        }
        String text = line.text(begin, end);
        if (text.indexOf('.') < 0 && text.indexOf(':') < 0) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** @return an IPv4 address as one decimal number. */
    static String decimal(InetAddress address) {
        return Integer.toUnsignedString(ByteBuffer.wrap(address.getAddress()).getInt());
    }
}
