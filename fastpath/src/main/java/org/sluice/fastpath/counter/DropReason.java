package org.sluice.fastpath.counter;

import java.util.Locale;

/**
 * Why a frame went no further. One list for worker, conductor, metrics and command line; shown in lower case as
 * {@code sluice_drops_total{reason}}.
 */
public enum DropReason {
    TRUNCATED("shorter than its headers say, or longer than the receive ring takes"),
    VLAN("carries a VLAN tag and there is no such interface"),
    ETHERTYPE("neither ARP, IPv4 nor IPv6"),
    NOT_FOR_US("sent to another station's Ethernet address"),
    OWN_MAC("came back with the gateway's own Ethernet address as its source"),
    IP_MALFORMED("IP version, header length, total length or an extension header is wrong"),
    IP_CHECKSUM("IPv4 header checksum is wrong"),
    TRANSPORT_MALFORMED("TCP, UDP or ICMP header is short or lies about its length"),
    TRANSPORT_CHECKSUM("checksum of a packet that would change state is wrong"),
    TCP_FLAGS("a combination of TCP flags that no sender uses"),
    TCP_RESET("TCP reset outside the window of its connection, which its receiver would not obey"),
    MARTIAN("source or destination address that can't be on this link"),
    LAND("source and destination are the same"),
    BROADCAST("broadcast or multicast that is not forwarded"),
    SOURCE_ROUTE("source routing option"),
    FRAGMENT("fragments overlap, are too many, or never became whole"),
    TTL("time to live was used up"),
    NO_ROUTE("no route to the destination"),
    NEIGHBOR("the next hop answers neither ARP nor neighbour solicitations"),
    NEIGHBOR_QUEUE("too many packets wait for the next hop's answer"),
    TOO_BIG("larger than the next link takes, and must not be fragmented"),
    POLICY("no rule lets it in"),
    REJECTED("a rule refuses it; the sender was told"),
    LIMIT("goes beyond what a rule lets its source begin"),
    NOT_A_FLOW("TCP segment or ICMP error that belongs to no known flow"),
    TABLE_FULL("the flow table is full"),
    HALF_OPEN("as many TCP connections are opening as may, and each was answered"),
    HOST_QUOTA("its host has begun as many flows, or has as many outside ports, as a host may"),
    NAT_EXHAUSTED("no free outside port"),
    WRONG_INTERFACE("belongs to a flow, but came in through another interface"),
    NOT_SERVED("sent to the gateway itself, which offers no such service"),
    ARP_MALFORMED("ARP packet that makes no sense on this link"),
    NDP_MALFORMED("neighbour discovery packet that makes no sense on this link"),
    ROUTING_HEADER("IPv6 routing header of the deprecated type 0"),
    ICMP_ERROR("ICMP error that is malformed or does not fit its flow"),
    STREAM("segment of a helper's connection outside what can be kept"),
    PUNT_FULL("the slow path was too busy to take it"),
    PUNT_QUOTA("its host sends more that needs the slow path than a host may"),
    TX_REFUSED("taken for transmission, and then refused by the outgoing device"),
    TX_FULL("no room in the transmit ring"),
    LINK_DOWN("the way out is down"),
    STOPPING("the gateway was stopping"),
    INTERNAL("the gateway failed on it; see the log");

    private final String meaning;

    DropReason(String meaning) {
        this.meaning = meaning;
    }

    /** @return a sentence for people. */
    public String meaning() {
        return meaning;
    }

    /** @return the name in metrics and on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
