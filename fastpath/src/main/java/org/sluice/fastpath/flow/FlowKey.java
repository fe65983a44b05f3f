package org.sluice.fastpath.flow;

/**
 * What names one direction of a flow, packed into two longs for comparing and hashing.
 * <pre>
 *  addresses  source (32) | destination (32)
 *  ports      source port (16) | destination port (16) | protocol (8) | ICMP type (8) | 0 (16)
 * </pre>
 * The identifier of an ICMP echo stands where the asking side's port would: source port of a request, destination port of a
 * reply; the type keeps the two apart.
 */
public final class FlowKey {
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
