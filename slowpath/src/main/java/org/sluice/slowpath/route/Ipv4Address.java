package org.sluice.slowpath.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** IPv4 addresses as ints, first byte highest, and what the registries say of them (RFC 6890). */
public final class Ipv4Address {
    private Ipv4Address() {}

    /** @throws IllegalArgumentException when it is not an IPv4 address. */
    public static int of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != Integer.BYTES) {
            throw new IllegalArgumentException(address.getHostAddress() + " is not an IPv4 address");
        }
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** Parses dotted decimals. */
    public static int parse(String text) {
        return of(InetAddress.ofLiteral(text));
    }

    public static InetAddress toInetAddress(int address) {
        try {
            return InetAddress.getByAddress(ByteBuffer.allocate(Integer.BYTES).putInt(address).array());
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    public static String format(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "." + (address & 0xFF);
    }

    /** @return whether no host on a link can have it as its source: 0/8, 127/8, multicast and above (RFC 1812 5.3.7). */
    public static boolean isMartianSource(int address) {
        int first = address >>> 24;
        return first == 0 || first == 127 || first >= 224;
    }

    /** @return whether nothing can be forwarded to it: 0/8, 127/8, 240/4 without the broadcast address. */
    public static boolean isMartianDestination(int address) {
        int first = address >>> 24;
        return first == 0 || first == 127 || first >= 240 && address != -1;
    }

    /** @return whether it is the limited broadcast address or multicast. */
    public static boolean isGroup(int address) {
        return address == -1 || address >>> 28 == 0xE;
    }
}
