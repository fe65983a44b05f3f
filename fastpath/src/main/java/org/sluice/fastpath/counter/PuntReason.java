package org.sluice.fastpath.counter;

import java.util.Locale;

/** Why a worker gave a frame to the conductor; shown in lower case as {@code sluice_punts_total{reason}}. */
public enum PuntReason {
    /** Everything of ARP. */
    ARP,
    /** Neighbour discovery of IPv6. */
    NDP,
    /** IP of no known flow, or for the gateway itself. */
    NO_FLOW,
    /** A helper reads this flow. */
    HELPED,
    /** SYN, FIN or RST of a known flow. */
    TCP_STATE,
    /** What opens or closes an SCTP association of a known flow. */
    SCTP_STATE,
    /** ICMP or ICMPv6 that is not echo. */
    ICMP,
    /** IPv4 options or IPv6 extension headers. */
    OPTIONS,
    /** A fragment. */
    FRAGMENT,
    /** Time to live would be used up. */
    TTL,
    /** Larger than the way out takes. */
    TOO_BIG,
    /** The next hop's address is not known, or its interface is down. */
    NEIGHBOR,
    /** Came in through another interface than its flow. */
    WRONG_INTERFACE;

    /** @return whether the packet is a part of a known flow's life, or of the link's; the others are what anybody can send. */
    public boolean isOwed() {
        return switch (this) {
            case ARP, NDP, HELPED, TCP_STATE, SCTP_STATE, NEIGHBOR -> true;
            case NO_FLOW, ICMP, OPTIONS, FRAGMENT, TTL, TOO_BIG, WRONG_INTERFACE -> false;
        };
    }

    /** @return the name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
