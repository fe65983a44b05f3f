package org.sluice.slowpath.route;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * An address of either family, as two longs, first byte highest. An IPv4 address has the form ::ffff:a.b.c.d (RFC 4291 2.5.5.2)
 * here, which no packet may carry ({@link org.sluice.slowpath.packet.Packet#wrap} sees to that), so that the families never meet.
 *
 * @param high first eight bytes
 * @param low last eight bytes
 */
public record IpAddress(long high, long low) {
    public static final int LENGTH = 16;
    private static final long MAPPED = 0xFFFFL << 32;
    private static final int GROUPS = 8;
    /** Addresses of IPv4 that were asked for lately: each packet of a new flow asks, and most are of the same hosts. A power of two. */
    private static final IpAddress[] LATELY = new IpAddress[1 << 10];
    private static final int SPREAD = 0x9E37_79B1;

    // written out: what the compiler puts there is slow until the JIT has seen it often, and a restart asks for each flow
    @Override
    public int hashCode() {
        return 31 * Long.hashCode(high) + Long.hashCode(low);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof IpAddress other && high == other.high && low == other.low;
    }

    /** @param address first byte highest. Any thread: what others see in the array is whole, as all its fields are final */
    public static IpAddress v4(int address) {
        long low = MAPPED | address & 0xFFFF_FFFFL;
        int place = (address * SPREAD >>> 16) & LATELY.length - 1;
        IpAddress known = LATELY[place];
        if (known != null && known.low == low) {
            return known;
        }
        IpAddress made = new IpAddress(0, low);
        LATELY[place] = made;
        return made;
    }

    public static IpAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        ByteBuffer b = ByteBuffer.wrap(bytes);
        return bytes.length == Integer.BYTES ? v4(b.getInt()) : new IpAddress(b.getLong(), b.getLong());
    }

    /** Parses dotted decimals or RFC 4291 2.2. Never asks a name server. @throws IllegalArgumentException when it is neither */
    public static IpAddress parse(String text) {
        return of(InetAddress.ofLiteral(text));
    }

    /** Reads an IPv6 address out of a packet. */
    public static IpAddress read(DirectBuffer b, int offset) {
        return new IpAddress(b.getLong(offset, BIG_ENDIAN), b.getLong(offset + Long.BYTES, BIG_ENDIAN));
    }

    /** Writes all sixteen bytes. */
    public void write(MutableDirectBuffer b, int offset) {
        b.putLong(offset, high, BIG_ENDIAN);
        b.putLong(offset + Long.BYTES, low, BIG_ENDIAN);
    }

    /** @return the address that comes so many behind this one, within the same 64 bits of IPv6. */
    public IpAddress plus(int count) {
        return new IpAddress(high, low + count);
    }

    /** @return negative, 0 or positive: as numbers, of one family. */
    public int compare(IpAddress other) {
        int halves = Long.compareUnsigned(high, other.high);
        return halves != 0 ? halves : Long.compareUnsigned(low, other.low);
    }

    public boolean isV4() {
        return high == 0 && low >>> 32 == MAPPED >>> 32;
    }

    /** @return an IPv4 address, first byte highest. */
    public int v4() {
        if (!isV4()) {
            throw new IllegalStateException(this + " is not an IPv4 address");
        }
        return (int) low;
    }

    /** @return fe80::/10, good on one link only (RFC 4291 2.5.6). */
    public boolean isLinkLocal() {
        return high >>> 54 == 0xFE80 >>> 6;
    }

    /** @return whether many hosts may listen to it: multicast, or IPv4's limited broadcast. */
    public boolean isGroup() {
        return isV4() ? Ipv4Address.isGroup((int) low) : high >>> 56 == 0xFF;
    }

    /** @return multicast that does not leave the link (RFC 4291 2.7), or the node. */
    public boolean isLinkGroup() {
        return high >>> 56 == 0xFF && (high >>> 48 & 0xF) <= 2;
    }

    /**
     * @return whether no host can have it as its source: unspecified, loopback, multicast, IPv4-mapped and -compatible (RFC 4291
     *         2.5, RFC 6890)
     */
    public boolean isMartianSource() {
        return isV4() ? Ipv4Address.isMartianSource((int) low) : high == 0 && low >>> 48 == 0 || isGroup();
    }

    /** @return whether nothing can be forwarded to it: unspecified, loopback, IPv4-mapped and -compatible. */
    public boolean isMartianDestination() {
        return isV4() ? Ipv4Address.isMartianDestination((int) low) : high == 0 && low >>> 48 == 0;
    }

    /** @return the multicast address that asks for this one's Ethernet address (RFC 4291 2.7.1). */
    public IpAddress solicitedNode() {
        return new IpAddress(0xFF02L << 48, 0x1_FF00_0000L | low & 0xFF_FFFF);
    }

    /** @return the link-local address that an Ethernet address makes (RFC 4291 appendix A). */
    public static IpAddress linkLocal(long mac) {
        long identifier = mac >>> 24 << 40 | 0xFF_FEL << 24 | mac & 0xFF_FFFF;
        return new IpAddress(0xFE80L << 48, identifier ^ 1L << 57);
    }

    public InetAddress toInetAddress() {
        if (isV4()) {
            return Ipv4Address.toInetAddress((int) low);
        }
        try {
            return InetAddress.getByAddress(ByteBuffer.allocate(LENGTH).putLong(high).putLong(low).array());
        } catch (UnknownHostException e) {
            throw new AssertionError("sixteen bytes are an address", e);
        }
    }

    /** @return as RFC 5952 writes it: lower case, the longest run of zeros left out. */
    @Override
    public String toString() {
        if (isV4()) {
            return Ipv4Address.format((int) low);
        }
        int skipFrom = -1;
        int skipLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int run = 0;
            while (i + run < GROUPS && group(i + run) == 0) {
                run++;
            }
            if (run > skipLength) {
                skipFrom = i;
                skipLength = run;
            }
            i += run;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == skipFrom) {
                text.append("::");
                i += skipLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    private int group(int i) {
        long half = i < GROUPS / 2 ? high : low;
        return (int) (half >>> 48 - (i % 4 << 4)) & 0xFFFF;
    }
}
