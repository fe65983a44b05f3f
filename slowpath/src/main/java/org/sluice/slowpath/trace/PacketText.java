package org.sluice.slowpath.trace;

import java.util.Locale;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.slowpath.route.AddressAndPort;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Ipv4Address;
import org.sluice.slowpath.view.Protocols;

/** A frame in words, much as tcpdump says them. One thread. */
final class PacketText {
    private static final int IP = Ethernet.HEADER_LENGTH;
    private static final int ARP_LENGTH = 28;
    private static final String[] FLAGS = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
    private final Headers headers = new Headers();

    /** @param frame the beginning of one */
    String of(byte[] frame) {
        UnsafeBuffer b = new UnsafeBuffer(frame);
        if (headers.read(b, 0, frame.length)) {
            return ip(b, frame.length);
        }
        if (frame.length < IP) {
            return "a frame too short for Ethernet";
        }
        int type = Ethernet.type(b, 0);
        return type == Ethernet.TYPE_ARP && frame.length >= IP + ARP_LENGTH
                ? arp(b)
                : "ethernet type 0x" + Integer.toHexString(type);
    }

    private static String arp(DirectBuffer b) {
        String sender = Ipv4Address.format(Arp.senderIp(b, IP));
        String target = Ipv4Address.format(Arp.targetIp(b, IP));
        return Arp.operation(b, IP) == Arp.REQUEST
                ? "arp request who-has " + target + " tell " + sender
                : "arp reply " + sender + " is-at " + Ethernet.format(Ethernet.source(b, 0));
    }

    private String ip(DirectBuffer b, int end) {
        boolean isIpv6 = Ipv6.isVersion6(b, IP);
        IpAddress source = isIpv6
                ? IpAddress.read(b, IP + Ipv6.SOURCE)
                : IpAddress.v4(Ipv4.source(b, IP));
        IpAddress destination = isIpv6
                ? IpAddress.read(b, IP + Ipv6.DESTINATION)
                : IpAddress.v4(Ipv4.destination(b, IP));
        int l4 = headers.l4();
        String protocol = Protocols.name(headers.protocol());
        if (headers.isFragment()) {
            return source + " > " + destination + " " + protocol + " fragment";
        }
        return switch (headers.protocol()) {
            case Ipv4.PROTOCOL_TCP -> l4 + Tcp.HEADER_LENGTH <= end
                    ? ports(b, l4, source, destination) + " tcp " + flags(Tcp.flags(b, l4)) + " seq "
                            + Integer.toUnsignedString(Tcp.sequence(b, l4)) + " ack "
                            + Integer.toUnsignedString(Tcp.acknowledgement(b, l4))
                    : source + " > " + destination + " tcp";
            case Ipv4.PROTOCOL_UDP, Ipv4.PROTOCOL_SCTP -> l4 + Udp.HEADER_LENGTH <= end
                    ? ports(b, l4, source, destination) + " " + protocol
                    : source + " > " + destination + " " + protocol;
            case Ipv4.PROTOCOL_ICMP, Ipv6.PROTOCOL_ICMP -> l4 + Icmp.HEADER_LENGTH <= end
                    ? source + " > " + destination + " " + protocol + " type " + Icmp.type(b, l4) + " code "
                            + Icmp.code(b, l4) + " id " + Icmp.identifier(b, l4)
                    : source + " > " + destination + " " + protocol;
            default -> source + " > " + destination + " " + protocol;
        };
    }

    private static String ports(DirectBuffer b, int l4, IpAddress source, IpAddress destination) {
        return AddressAndPort.text(source, Udp.sourcePort(b, l4)) + " > "
                + AddressAndPort.text(destination, Udp.destinationPort(b, l4));
    }

    private static String flags(int flags) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < FLAGS.length; i++) {
            if ((flags & 1 << i) != 0) {
                text.append(text.isEmpty() ? "" : ",").append(FLAGS[i]);
            }
        }
        return text.isEmpty() ? "none" : text.toString().toUpperCase(Locale.ROOT);
    }
}
