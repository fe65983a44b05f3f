package org.sluice.fastpath.flow;

/**
 * What names one direction of a flow, packed into longs for comparing and hashing.
 * <pre>
 *  addresses  source (32) | destination (32)             IPv4; IPv6 has four longs instead
 *  ports      source port (16) | destination port (16) | protocol (8) | ICMP type (8) | 0 (15) | IPv6 (1)
 * </pre>
 * The identifier of an ICMP echo stands where the asking side's port would: source port of a request, destination port of a
 * reply; the type keeps the two apart. The types of ICMPv6 stand there as
 * those of ICMP: 8 asks, 0 answers.
 */
public final class FlowKey {
    /** Set in the ports of every IPv6 flow, so that no key of one family equals one of the other. */
    public static final long IPV6 = 1;

    private FlowKey() {}

    public static long addresses(int source, int destination) {
        return (long) source << 32 | destination & 0xFFFF_FFFFL;
    }

    public static long ports(int protocol, int sourcePort, int destinationPort) {
        return (long) sourcePort << 48 | (destinationPort & 0xFFFFL) << 32 | (protocol & 0xFFL) << 24;
    }

    /** @param type {@code Icmp.ECHO_REQUEST} or {@code Icmp.ECHO_REPLY} */
    public static long echo(int type, int identifier) {
        return (type == 0 ? (identifier & 0xFFFFL) << 32 : (long) identifier << 48) | 1L << 24 | (long) type << 16;
    }

    /** The same for ICMPv6; {@link #IPV6} is set. */
    public static long echo6(boolean request, int identifier) {
        return (request ? (long) identifier << 48 | 8L << 16 : (identifier & 0xFFFFL) << 32) | 58L << 24 | IPV6;
    }

    /** @return whether the ports are those of an IPv6 flow. */
    public static boolean isIpv6(long ports) {
        return (ports & IPV6) != 0;
    }

    /** @return whether the protocol is ICMP of either family, whose flows are named by an identifier. */
    public static boolean isEcho(long ports) {
        int protocol = protocol(ports);
        return protocol == 1 && !isIpv6(ports) || protocol == 58 && isIpv6(ports);
    }

    public static int source(long addresses) {
        return (int) (addresses >>> 32);
    }

    public static int destination(long addresses) {
        return (int) addresses;
    }

    public static int sourcePort(long ports) {
        return (int) (ports >>> 48);
    }

    public static int destinationPort(long ports) {
        return (int) (ports >>> 32) & 0xFFFF;
    }

    public static int protocol(long ports) {
        return (int) (ports >>> 24) & 0xFF;
    }

    public static int icmpType(long ports) {
        return (int) (ports >>> 16) & 0xFF;
    }
}
