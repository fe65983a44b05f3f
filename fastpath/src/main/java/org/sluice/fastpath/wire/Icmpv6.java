package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * Types and codes of ICMPv6, RFC 4443, and of neighbour discovery, RFC 4861. The header is laid out as that of {@link Icmp}, whose
 * accessors serve both.
 */
public final class Icmpv6 {
    public static final int UNREACHABLE = 1;
    public static final int PACKET_TOO_BIG = 2;
    public static final int TIME_EXCEEDED = 3;
    public static final int PARAMETER_PROBLEM = 4;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;
    public static final int ROUTER_SOLICITATION = 133;
    public static final int ROUTER_ADVERTISEMENT = 134;
    public static final int NEIGHBOR_SOLICITATION = 135;
    public static final int NEIGHBOR_ADVERTISEMENT = 136;
    public static final int REDIRECT = 137;

    /** Codes of {@link #UNREACHABLE}, RFC 4443 3.1. */
    public static final int NO_ROUTE = 0;
    public static final int PROHIBITED = 1;
    public static final int ADDRESS_UNREACHABLE = 3;
    public static final int PORT_UNREACHABLE = 4;

    /** Code of {@link #PARAMETER_PROBLEM}, RFC 4443 3.4. */
    public static final int UNKNOWN_NEXT_HEADER = 1;

    private static final int ERROR_END = 128;
    private static final int VALUE = 4;

    private Icmpv6() {}

    /** @return whether the type reports a problem with another packet. */
    public static boolean isError(int type) {
        return type < ERROR_END;
    }

    /** @return whether the type belongs to neighbour discovery, which stays on the link. */
    public static boolean isDiscovery(int type) {
        return type >= ROUTER_SOLICITATION && type <= REDIRECT;
    }

    /** The four bytes behind the checksum: next-hop MTU in bytes of {@link #PACKET_TOO_BIG}, 0 in other errors. */
    public static void value(MutableDirectBuffer b, int icmp, int value) {
        b.putInt(icmp + VALUE, value, BIG_ENDIAN);
    }
}
