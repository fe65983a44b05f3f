package org.sluice.slowpath.settings;

import java.net.InetAddress;

/**
 * An address with a prefix length, such as 10.77.0.1/24; host bits may be set.
 *
 * @param address IPv4 or IPv6
 * @param length 0 to 32 or 128
 */
public record IpPrefix(InetAddress address, int length) {

    /** @throws IllegalArgumentException when the length does not fit the address. */
    public IpPrefix {
        int bits = address.getAddress().length * 8;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException("prefix length " + length + " is not within 0 to " + bits);
        }
    }

    /** Parses {@code 10.77.0.0/24}, or a plain address as a host prefix. Never asks a name server. */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int length = slash < 0 ? address.getAddress().length * 8 : Integer.parseInt(text.substring(slash + 1));
        return new IpPrefix(address, length);
    }

    /** @return whether this is an IPv4 prefix. */
    public boolean isIpv4() {
        return address.getAddress().length == 4;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
