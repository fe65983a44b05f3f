package org.sluice.helpers.talk;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;

/**
 * An endpoint as 4.3BSD's struct sockaddr writes it. Port and address are in network byte order; the family is in the sender's
 * own with many clients, so both orders are taken.
 *
 * <pre>
 *   0  family, 2    2  port    4  IPv4 address    8  unused, 8 bytes
 * </pre>
 */
final class TalkAddress {
    private static final int PORT = 2;
    private static final int ADDRESS = 4;
    private static final int END = 8;
    private static final int FAMILY_INET = 2;

    private TalkAddress() {}

    /**
     * @param start of the bytes shown
     * @param field offset of the struct, counted from {@code start}
     * @param format of the message
     * @return port and address that stand there, or null when the family isn't IPv4
     */
    static Mention read(DirectBuffer b, int start, int field, TalkFormat format) {
        int at = start + field;
        if ((b.getByte(at) | b.getByte(at + 1)) != FAMILY_INET || b.getByte(at) == b.getByte(at + 1)) {
            return null;
        }
        byte[] address = new byte[END - ADDRESS];
        b.getBytes(at + ADDRESS, address);
        int port = b.getShort(at + PORT, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        try {
            return new Mention(field + PORT, END - PORT, format,
                    new Endpoint(InetAddress.getByAddress(address), port));
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    /** Writes port and address. @return their length, or -1 when the address isn't IPv4 */
    static int write(Endpoint endpoint, MutableDirectBuffer out, int offset) {
        byte[] address = endpoint.address().getAddress();
        if (address.length != END - ADDRESS) {
            return -1;
        }
        out.putShort(offset, (short) endpoint.port(), ByteOrder.BIG_ENDIAN);
        out.putBytes(offset + ADDRESS - PORT, address);
        return END - PORT;
    }
}
