package org.sluice.slowpath.icmp;

import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;

/** What an ICMP error reports, in the numbers of both families (RFC 792 and RFC 1812 5.2.7, RFC 4443 section 3). */
public enum Problem {
    HOP_LIMIT(Icmp.TIME_EXCEEDED, 0, Icmpv6.TIME_EXCEEDED, 0),
    NO_ROUTE(Icmp.UNREACHABLE, Icmp.NET_UNREACHABLE, Icmpv6.UNREACHABLE, Icmpv6.NO_ROUTE),
    NO_NEIGHBOR(Icmp.UNREACHABLE, Icmp.HOST_UNREACHABLE, Icmpv6.UNREACHABLE, Icmpv6.ADDRESS_UNREACHABLE),
    NO_PROTOCOL(Icmp.UNREACHABLE, Icmp.PROTOCOL_UNREACHABLE, Icmpv6.PARAMETER_PROBLEM, Icmpv6.UNKNOWN_NEXT_HEADER),
    NO_PORT(Icmp.UNREACHABLE, Icmp.PORT_UNREACHABLE, Icmpv6.UNREACHABLE, Icmpv6.PORT_UNREACHABLE),
    /** The value that goes with it is the next link's MTU. */
    TOO_BIG(Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, Icmpv6.PACKET_TOO_BIG, 0),
    PROHIBITED(Icmp.UNREACHABLE, Icmp.ADMINISTRATIVELY_PROHIBITED, Icmpv6.UNREACHABLE, Icmpv6.PROHIBITED);

    final int type;
    final int code;
    final int type6;
    final int code6;

    Problem(int type, int code, int type6, int code6) {
        this.type = type;
        this.code = code;
        this.type6 = type6;
        this.code6 = code6;
    }
}
