package org.sluice.slowpath.route;

import org.sluice.slowpath.settings.IpPrefix;

/**
 * A prefix of either family, host bits cleared.
 *
 * @param address of the network
 * @param length 0 to 32 or 128
 */
public record Prefix(IpAddress address, int length) {

    /** Clears the host bits. */
    public Prefix {
        address = network(address, length);
    }

    public static Prefix of(IpPrefix prefix) {
        return new Prefix(IpAddress.of(prefix.address()), prefix.length());
    }

    public boolean isV4() {
        return address.isV4();
    }

    public boolean contains(IpAddress other) {
        return other.isV4() == isV4() && network(other, length).equals(address);
    }

    /** @return the address with its host bits cleared. @param length of the prefix in its own family */
    static IpAddress network(IpAddress address, int length) {
        if (address.isV4()) {
            return IpAddress.v4(address.v4() & Ipv4Prefix.mask(length));
        }
        return new IpAddress(address.high() & mask(length), address.low() & mask(length - Long.SIZE));
    }

    private static long mask(int length) {
        return length <= 0 ? 0 : length >= Long.SIZE ? -1 : -1L << Long.SIZE - length;
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
