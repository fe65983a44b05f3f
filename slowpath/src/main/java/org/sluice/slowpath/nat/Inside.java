package org.sluice.slowpath.nat;

import org.sluice.slowpath.route.IpAddress;

/** An inside endpoint of a mapping. */
record Inside(IpAddress address, int port) {
    /** Neighbouring addresses that use neighbouring ports are not to meet. */
    private static final int SPREAD = 0x9E37_79B1;

    // written out for the same reason as IpAddress's
    @Override
    public int hashCode() {
        return SPREAD * address.hashCode() + port;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Inside other && port == other.port && address.equals(other.address);
    }
}
