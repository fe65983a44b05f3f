package org.sluice.mgmt.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.sluice.slowpath.settings.IpPrefix;

/** Arithmetic on prefixes of both families. */
final class Prefixes {
    private Prefixes() {}

    static boolean contains(IpPrefix prefix, InetAddress address) {
        byte[] a = prefix.address().getAddress();
        byte[] b = address.getAddress();
        int shift = a.length * 8 - prefix.length();
        return a.length == b.length
                && new BigInteger(1, a).shiftRight(shift).equals(new BigInteger(1, b).shiftRight(shift));
    }

    /** @return the same with its host bits cleared */
    static IpPrefix network(IpPrefix prefix) {
        byte[] address = prefix.address().getAddress();
        for (int bit = prefix.length(); bit < address.length * Byte.SIZE; bit++) {
            address[bit / Byte.SIZE] &= (byte) ~(0x80 >>> bit % Byte.SIZE);
        }
        try {
            return new IpPrefix(InetAddress.getByAddress(address), prefix.length());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return the highest address, which is the broadcast address of an IPv4 network */
    static InetAddress last(IpPrefix prefix) {
        byte[] address = prefix.address().getAddress();
        for (int bit = prefix.length(); bit < address.length * Byte.SIZE; bit++) {
            address[bit / Byte.SIZE] |= (byte) (0x80 >>> bit % Byte.SIZE);
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean overlap(IpPrefix a, IpPrefix b) {
        return contains(a, b.address()) || contains(b, a.address());
    }
}
