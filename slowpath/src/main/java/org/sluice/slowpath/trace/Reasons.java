package org.sluice.slowpath.trace;

import org.sluice.fastpath.counter.PuntReason;

/** Why a worker can't decide by itself, in words. */
final class Reasons {
    private Reasons() {}

    static String why(PuntReason reason) {
        return switch (reason) {
            case ARP -> "address resolution";
            case NDP -> "neighbour discovery";
            case NO_FLOW -> "it belongs to no known flow";
            case HELPED -> "a helper reads its flow";
            case TCP_STATE -> "a SYN, FIN or RST of a known flow";
            case SCTP_STATE -> "a chunk that opens or closes an association of a known flow";
            case ICMP -> "ICMP that is not echo";
            case OPTIONS -> "IP options or extension headers";
            case FRAGMENT -> "a fragment";
            case TTL -> "its time to live is used up";
            case TOO_BIG -> "larger than the way out takes";
            case NEIGHBOR -> "the next hop's Ethernet address is not known, or its link is down";
            case WRONG_INTERFACE -> "it came in through another interface than its flow";
        };
    }
}
