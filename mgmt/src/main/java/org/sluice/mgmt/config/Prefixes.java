package org.sluice.mgmt.config;

import java.math.BigInteger;
import java.net.InetAddress;
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

    static boolean overlap(IpPrefix a, IpPrefix b) {
        return contains(a, b.address()) || contains(b, a.address());
    }
}
