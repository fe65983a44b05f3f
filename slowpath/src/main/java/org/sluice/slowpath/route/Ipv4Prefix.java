package org.sluice.slowpath.route;

import org.sluice.slowpath.settings.IpPrefix;

/**
 * An IPv4 prefix as the packets' ints see it.
 *
 * @param address with the host bits cleared
 * @param length 0 to 32
 */
public record Ipv4Prefix(int address, int length) {

    /** Clears the host bits. */
    public Ipv4Prefix {
        address &= mask(length);
    }

    public static Ipv4Prefix of(IpPrefix prefix) {
        return new Ipv4Prefix(Ipv4Address.of(prefix.address()), prefix.length());
    }

    public boolean contains(int other) {
        return (other & mask(length)) == address;
    }

    /** @return the directed broadcast address; meaningless for lengths over 30. */
    public int broadcast() {
        return address | ~mask(length);
    }

    /** @return ones for the first {@code length} bits. */
    public static int mask(int length) {
        return length == 0 ? 0 : -1 << 32 - length;
    }

    @Override
    public String toString() {
        return Ipv4Address.format(address) + "/" + length;
    }
}
