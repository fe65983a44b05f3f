package org.sluice.helpers.h323;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Endpoint;

/**
 * Something that the table of types marks, in a message.
 *
 * @param path names of what it is in, from the outermost, and its own at the end
 * @param offset of its first byte, for a string
 * @param length in bytes, for a string; else 0
 * @param value of a number; else 0
 */
record Found(List<String> path, int offset, int length, long value) {
    private static final String ENDPOINT = "endpoint";
    private static final List<String> KINDS = List.of("ipAddress", "ip6Address", "unicastAddress", "iPAddress",
            "iP6Address");

    /** @return its own name. */
    String name() {
        return path.getLast();
    }

    /** @return whether it is in something of that name, or has it. */
    boolean isIn(String name) {
        return path.contains(name);
    }

    /** @return whether it is an address with a port. */
    boolean isEndpoint() {
        return name().equals(ENDPOINT);
    }

    /** @return the name of the field that an endpoint stands in, such as {@code h245Address}. */
    String field() {
        int i = path.size() - 2;
        while (KINDS.contains(path.get(i))) {
            i--;
        }
        return path.get(i);
    }

    /** @param stream that it was found in */
    Endpoint endpoint(DirectBuffer stream) {
        byte[] address = new byte[length - Short.BYTES];
        stream.getBytes(offset, address);
        int port = (stream.getByte(offset + address.length) & 0xFF) << Byte.SIZE
                | stream.getByte(offset + address.length + 1) & 0xFF;
        try {
            return new Endpoint(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("addresses have 4 or 16 bytes in the table", e);
        }
    }
}
