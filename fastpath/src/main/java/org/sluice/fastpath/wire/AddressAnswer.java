package org.sluice.fastpath.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Answers to those who ask for an Ethernet address: ARP (RFC 826) and neighbour discovery (RFC 4861 7.2.4). */
public final class AddressAnswer {
    /** Longest answer. */
    public static final int LONGEST = Ethernet.HEADER_LENGTH + Ipv6.HEADER_LENGTH + Ndp.LENGTH
            + Ndp.LINK_ADDRESS_LENGTH;

    private static final int SHORTEST = 60;

    private AddressAnswer() {}

    /** @return whether a frame asks for somebody's address, on behalf of somebody who has one. */
    public static boolean isQuestion(DirectBuffer b, int frame, int length) {
        int body = frame + Ethernet.HEADER_LENGTH;
        if (length >= Ethernet.HEADER_LENGTH + Arp.LENGTH && Ethernet.type(b, frame) == Ethernet.TYPE_ARP) {
            // without a sender it asks whether the address is free (RFC 5227), from its owner it is an announcement
            return Arp.isEthernetIpv4(b, body) && Arp.operation(b, body) == Arp.REQUEST && Arp.senderIp(b, body) != 0
                    && Arp.senderIp(b, body) != Arp.targetIp(b, body);
        }
        int icmp = body + Ipv6.HEADER_LENGTH;
        return length >= Ethernet.HEADER_LENGTH + Ipv6.HEADER_LENGTH + Ndp.LENGTH
                && Ethernet.type(b, frame) == Ethernet.TYPE_IPV6 && Ipv6.nextHeader(b, body) == Ipv6.PROTOCOL_ICMP
                && Icmp.type(b, icmp) == Icmpv6.NEIGHBOR_SOLICITATION
                && (b.getLong(body + Ipv6.SOURCE) | b.getLong(body + Ipv6.SOURCE + Long.BYTES)) != 0;
    }

    /**
     * Writes the answer to a question.
     *
     * @param at where it is written, zeroed, {@value #LONGEST} bytes
     * @param mac the address that was asked for
     * @return its length in bytes
     */
    public static int write(MutableDirectBuffer out, int at, DirectBuffer b, int question, long mac) {
        int asked = question + Ethernet.HEADER_LENGTH;
        int body = at + Ethernet.HEADER_LENGTH;
        if (Ethernet.type(b, question) == Ethernet.TYPE_ARP) {
            long asker = Arp.senderMac(b, asked);
            Ethernet.header(out, at, asker, mac, Ethernet.TYPE_ARP);
            Arp.write(out, body, Arp.REPLY, mac, Arp.targetIp(b, asked), asker, Arp.senderIp(b, asked));
            return SHORTEST;
        }
        int target = asked + Ipv6.HEADER_LENGTH + Ndp.TARGET;
        Ethernet.header(out, at, Ethernet.source(b, question), mac, Ethernet.TYPE_IPV6);
        out.putBytes(body + Ipv6.SOURCE, b, target, Ipv6.ADDRESS_LENGTH);
        out.putBytes(body + Ipv6.DESTINATION, b, asked + Ipv6.SOURCE, Ipv6.ADDRESS_LENGTH);
        out.putBytes(body + Ipv6.HEADER_LENGTH + Ndp.TARGET, b, target, Ipv6.ADDRESS_LENGTH);
        return Ethernet.HEADER_LENGTH + Ndp.write(out, body, Icmpv6.NEIGHBOR_ADVERTISEMENT,
                Ndp.SOLICITED | Ndp.OVERRIDE, Ndp.TARGET_LINK_ADDRESS, mac);
    }
}
