package org.sluice.slowpath.nat;

import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Prefix;

/**
 * Translation of an IPv6 prefix into another one and back, RFC 6296: one to one, without state, and so that the sum of an address's words
 * stays what it was, which keeps all checksums right. Any thread.
 */
public final class PrefixTranslation {
    private static final int WORDS = 8;
    private static final int WORD = 0xFFFF;
    /** Up to this length the word behind the prefix takes the difference, RFC 6296 3.4; a longer prefix leaves it to the host's part, 3.5. */
    private static final int SHORT = 48;
    private static final int SUBNET = 3;
    private static final int HOST = 4;

    private final Prefix inside;
    private final Prefix outside;
    private final int difference;

    /** @param inside of up to 64 bits. @param outside of the same length */
    public PrefixTranslation(Prefix inside, Prefix outside) {
        this.inside = inside;
        this.outside = outside;
        difference = add(sum(inside.address()), ~sum(outside.address()) & WORD);
    }

    /** @return whether an address is one of those inside. */
    public boolean isInside(IpAddress address) {
        return inside.contains(address);
    }

    /** @return whether an address is one of those that inside is known by. */
    public boolean isOutside(IpAddress address) {
        return outside.contains(address);
    }

    /** @return what an inside address is known by; null for the few that can't be translated, RFC 6296 3.4 and 3.5 */
    public IpAddress out(IpAddress address) {
        return translate(address, outside, difference);
    }

    /** @return the inside address that is known by it; null when there is none. */
    public IpAddress in(IpAddress address) {
        return translate(address, inside, ~difference & WORD);
    }

    private static IpAddress translate(IpAddress address, Prefix to, int difference) {
        IpAddress host = new IpAddress(address.high() & ~mask(to.length()), address.low());
        IpAddress moved = new IpAddress(to.address().high() | host.high(), host.low());
        int index = SUBNET;
        if (to.length() > SHORT) {
            index = HOST;
            while (index < WORDS && word(moved, index) == WORD) {
                index++;
            }
        }
        if (index == WORDS || word(moved, index) == WORD) {
            return null;
        }
        int adjusted = add(word(moved, index), difference);
        return with(moved, index, adjusted == WORD ? 0 : adjusted);
    }

    private static long mask(int length) {
        return length == 0 ? 0 : -1L << Long.SIZE - length;
    }

    private static int word(IpAddress address, int index) {
        long half = index < HOST ? address.high() : address.low();
        return (int) (half >>> shift(index)) & WORD;
    }

    private static IpAddress with(IpAddress address, int index, int word) {
        long cleared = ~((long) WORD << shift(index));
        long placed = (long) word << shift(index);
        return index < HOST
                ? new IpAddress(address.high() & cleared | placed, address.low())
                : new IpAddress(address.high(), address.low() & cleared | placed);
    }

    private static int shift(int index) {
        return Long.SIZE - Short.SIZE * (index % HOST + 1);
    }

    private static int sum(IpAddress address) {
        int sum = 0;
        for (int i = 0; i < WORDS; i++) {
            sum = add(sum, word(address, i));
        }
        return sum;
    }

    /** In one's complement. */
    private static int add(int a, int b) {
        int sum = a + b;
        return (sum & WORD) + (sum >>> Short.SIZE);
    }
}
