package org.sluice.perf.gen.load;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Addresses that follow each other. The upper half of an IPv6 address is the same for all of them.
 *
 * @param first of them
 * @param count how many, from 1 to 2^32
 */
public record AddressRange(InetAddress first, long count) {
    private static final int HALF = Long.SIZE;

    /**
     * @param text an address, or {@code FIRST-LAST}, or a prefix {@code ADDRESS/LENGTH}, which means all of it
     * @throws IllegalArgumentException that says what is wrong
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return prefix(text, address(text.substring(0, slash)), text.substring(slash + 1));
        }
        int dash = text.indexOf('-');
        if (dash < 0) {
            return new AddressRange(address(text), 1);
        }
        InetAddress first = address(text.substring(0, dash));
        InetAddress last = address(text.substring(dash + 1));
        long count = low(last) - low(first) + 1;
        if (first.getClass() != last.getClass() || high(first) != high(last) || count < 1 || count > 1L << 32) {
            throw new IllegalArgumentException("\"" + text + "\" is not a range of up to 2^32 addresses, lowest first");
        }
        return new AddressRange(first, count);
    }

    private static AddressRange prefix(String text, InetAddress address, String length) {
        int bits = address instanceof Inet6Address ? 2 * HALF : Integer.SIZE;
        int free = length.matches("\\d{1,3}") ? bits - Integer.parseInt(length) : -1;
        if (free < 0 || free > Integer.SIZE) {
            throw new IllegalArgumentException("\"" + text + "\" is not a prefix of up to 2^32 addresses");
        }
        long count = 1L << free;
        if ((low(address) & count - 1) != 0) {
            throw new IllegalArgumentException("\"" + text + "\" has bits set behind its length");
        }
        return new AddressRange(address, count);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not an address; write for example 198.18.0.1 or 2001:db8::1", e);
        }
    }

    public boolean isIpv6() {
        return first instanceof Inet6Address;
    }

    /** @return the first address's upper 64 bits; 0 for IPv4. */
    public long high() {
        return high(first);
    }

    /** @return the first address's lower 64 bits, or the 32 bits of IPv4. */
    public long low() {
        return low(first);
    }

    /** @return whether an address of these halves, as of {@link #high} and {@link #low}, is one of them. */
    public boolean contains(long high, long low) {
        return high == high() && low - low() >= 0 && low - low() < count;
    }

    private static long high(InetAddress address) {
        return address instanceof Inet6Address ? ByteBuffer.wrap(address.getAddress()).getLong() : 0;
    }

    private static long low(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address ? bytes.getLong(Long.BYTES) : bytes.getInt() & 0xFFFF_FFFFL;
    }
}
