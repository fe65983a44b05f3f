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
 *
 * <p>A packet of a PPTP call carries its receiver's call ID alone, which stands where the destination port would; the type is 1 then,
 * other GRE has 0. Where both ends of a call are known, the sender's ID stands in the source port's place; {@link #lookup} makes
 * of that the key of a packet.
 */
public final class FlowKey {
    /** Set in the ports of every IPv6 flow, so that no key of one family equals one of the other. */
    public static final long IPV6 = 1;

    private static final int GRE = 47;
    private static final long CALL = 1L << 16;
    private static final long CALL_MASK = 0xFFFF_0000L;

    private FlowKey() {}

    public static long addresses(int source, int destination) {
        return (long) source << 32 | destination & 0xFFFF_FFFFL;
    }

    public static long ports(int protocol, int sourcePort, int destinationPort) {
        return (long) sourcePort << 48 | (destinationPort & 0xFFFFL) << 32 | (protocol & 0xFFL) << 24;
    }

    /** The same. @param both source port in the upper half, destination port in the lower */
    public static long ports(int protocol, int both) {
        return (long) both << 32 | (protocol & 0xFFL) << 24;
    }

    /** @return addresses of what goes the other way. */
    public static long swapAddresses(long addresses) {
        return Long.rotateLeft(addresses, Integer.SIZE);
    }

    /** @return ports of what goes the other way: source port in the upper half, destination port in the lower. */
    public static int oppositePorts(long ports) {
        return Integer.rotateLeft((int) (ports >>> 32), Short.SIZE);
    }

    /** @param type {@code Icmp.ECHO_REQUEST} or {@code Icmp.ECHO_REPLY} */
    public static long echo(int type, int identifier) {
        return (type == 0 ? (identifier & 0xFFFFL) << 32 : (long) identifier << 48) | 1L << 24 | (long) type << 16;
    }

    /** A call of PPTP. @param sender call ID of the packet's sender, 0 in a packet's key. @param receiver the ID in the packet */
    public static long call(int sender, int receiver) {
        return ports(GRE, sender, receiver) | CALL;
    }

    /** @return whether it is a call of PPTP. */
    public static boolean isCall(long ports) {
        return (ports & CALL_MASK) == (GRE << 24 | CALL);
    }

    /** @return what a packet's key has of these ports: of a call the receiver's ID alone, of others everything. */
    public static long lookup(long ports) {
        return isCall(ports) ? ports & 0xFFFF_FFFF_FFFFL : ports;
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
