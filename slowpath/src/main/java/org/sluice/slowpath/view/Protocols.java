package org.sluice.slowpath.view;

import java.util.Locale;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;

/** Names of IP protocols. */
public final class Protocols {
    private static final int ESP = 50;

    private Protocols() {}

    /** @return a constant as people write it. */
    public static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** @return in lower case; the number itself when it has no name here */
    public static String name(int protocol) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> "tcp";
            case Ipv4.PROTOCOL_UDP -> "udp";
            case Ipv4.PROTOCOL_ICMP -> "icmp";
            case Ipv4.PROTOCOL_GRE -> "gre";
            case ESP -> "esp";
            case Ipv6.PROTOCOL_ICMP -> "icmpv6";
            case Ipv4.PROTOCOL_SCTP -> "sctp";
            default -> Integer.toString(protocol);
        };
    }
}
