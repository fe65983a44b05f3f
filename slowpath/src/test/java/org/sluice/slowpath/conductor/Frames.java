package org.sluice.slowpath.conductor;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Gre;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.slowpath.route.Ipv4Address;

/** Builds frames as hosts send them, and reads those that come out. */
final class Frames {
    static final int IP = Ethernet.HEADER_LENGTH;
    static final int L4 = IP + Ipv4.HEADER_LENGTH;

    private Frames() {}

    static byte[] udp(long to, long from, String source, int sourcePort, String destination, int destinationPort,
            int payload) {
        byte[] frame = ip(to, from, source, destination, Ipv4.PROTOCOL_UDP, Udp.HEADER_LENGTH + payload);
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Udp.sourcePort(b, L4, sourcePort);
        Udp.destinationPort(b, L4, destinationPort);
        Udp.length(b, L4, Udp.HEADER_LENGTH + payload);
        for (int i = 0; i < payload; i++) {
            b.putByte(L4 + Udp.HEADER_LENGTH + i, (byte) i);
        }
        return sealed(frame);
    }

    static byte[] udp(long to, long from, String source, int sourcePort, String destination, int destinationPort,
            String payload) {
        byte[] frame = udp(to, from, source, sourcePort, destination, destinationPort, payload.length());
        new UnsafeBuffer(frame).putStringWithoutLengthAscii(L4 + Udp.HEADER_LENGTH, payload);
        return sealed(frame);
    }

    static byte[] tcp(long to, long from, String source, int sourcePort, String destination, int destinationPort,
            int flags,
            int sequence, int acknowledgement, String payload) {
        byte[] frame = ip(to, from, source, destination, Ipv4.PROTOCOL_TCP, Tcp.HEADER_LENGTH + payload.length());
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Tcp.sourcePort(b, L4, sourcePort);
        Tcp.destinationPort(b, L4, destinationPort);
        Tcp.sequence(b, L4, sequence);
        Tcp.acknowledgement(b, L4, acknowledgement);
        Tcp.headerLength(b, L4, Tcp.HEADER_LENGTH);
        Tcp.flags(b, L4, flags);
        Tcp.window(b, L4, 65535);
        b.putStringWithoutLengthAscii(L4 + Tcp.HEADER_LENGTH, payload);
        return sealed(frame);
    }

    static byte[] echo(long to, long from, String source, String destination, int type, int identifier) {
        byte[] frame = ip(to, from, source, destination, Ipv4.PROTOCOL_ICMP, Icmp.HEADER_LENGTH + 16);
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Icmp.type(b, L4, type);
        Icmp.identifier(b, L4, identifier);
        return sealed(frame);
    }

    /** Data of a PPTP call: enhanced GRE with a sequence number. */
    static byte[] call(long to, long from, String source, String destination, int callId) {
        byte[] frame = ip(to, from, source, destination, Ipv4.PROTOCOL_GRE, Gre.ENHANCED_LENGTH + 4 + 16);
        UnsafeBuffer b = new UnsafeBuffer(frame);
        b.putInt(L4, 0x3001_880B, BIG_ENDIAN);
        b.putShort(L4 + 4, (short) 16, BIG_ENDIAN);
        Gre.callId(b, L4, callId);
        return sealed(frame);
    }

    /** An IP packet of any protocol. */
    static byte[] other(long to, long from, String source, String destination, int protocol, byte... payload) {
        byte[] frame = ip(to, from, source, destination, protocol, payload.length);
        new UnsafeBuffer(frame).putBytes(L4, payload);
        return sealed(frame);
    }

    /** An ICMP error that quotes a packet from its IP header on. */
    static byte[] icmpError(long to, long from, String source, String destination, int type, int code, byte[] about,
            int quoted) {
        byte[] frame = ip(to, from, source, destination, Ipv4.PROTOCOL_ICMP, Icmp.HEADER_LENGTH + quoted);
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Icmp.type(b, L4, type);
        Icmp.code(b, L4, code);
        b.putBytes(L4 + Icmp.HEADER_LENGTH, about, IP, quoted);
        return sealed(frame);
    }

    static byte[] arp(long to, long from, int operation, String senderIp, String targetIp) {
        UnsafeBuffer b = new UnsafeBuffer(new byte[60]);
        Ethernet.header(b, 0, to, from, Ethernet.TYPE_ARP);
        Arp.write(b, IP, operation, from, Ipv4Address.parse(senderIp), 0, Ipv4Address.parse(targetIp));
        return b.byteArray();
    }

    private static byte[] ip(long to, long from, String source, String destination, int protocol, int payload) {
        byte[] frame = new byte[L4 + payload];
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Ethernet.header(b, 0, to, from, Ethernet.TYPE_IPV4);
        Ipv4.versionAndHeaderLength(b, IP, Ipv4.HEADER_LENGTH);
        Ipv4.totalLength(b, IP, Ipv4.HEADER_LENGTH + payload);
        Ipv4.ttl(b, IP, 64);
        Ipv4.protocol(b, IP, protocol);
        Ipv4.source(b, IP, Ipv4Address.parse(source));
        Ipv4.destination(b, IP, Ipv4Address.parse(destination));
        return frame;
    }

    /** Computes all checksums anew. @return the same frame */
    static byte[] sealed(byte[] frame) {
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Ipv4.updateChecksum(b, IP);
        int l4 = IP + Ipv4.headerLength(b, IP);
        int length = IP + Ipv4.totalLength(b, IP) - l4;
        if (!Ipv4.isFragment(b, IP)) {
            switch (Ipv4.protocol(b, IP)) {
                case Ipv4.PROTOCOL_TCP -> Tcp.checksum(b, l4, Checksum.transport(b, IP, l4, length, Ipv4.PROTOCOL_TCP));
                case Ipv4.PROTOCOL_UDP -> Udp.checksum(b, l4, Checksum.transport(b, IP, l4, length, Ipv4.PROTOCOL_UDP));
                case Ipv4.PROTOCOL_ICMP -> {
                    Icmp.checksum(b, l4, 0);
                    Icmp.checksum(b, l4, ~Checksum.fold(Checksum.sum(b, l4, length)));
                }
                default -> {
                    // nothing to compute
                }
            }
        }
        return frame;
    }

    /** @return whether every checksum in the frame is right. */
    static boolean isSealed(byte[] frame) {
        UnsafeBuffer b = new UnsafeBuffer(frame);
        if (Checksum.fold(Checksum.sum(b, IP, Ipv4.headerLength(b, IP))) != 0xFFFF) {
            return false;
        }
        byte[] again = frame.clone();
        sealed(again);
        int l4 = IP + Ipv4.headerLength(b, IP);
        int protocol = Ipv4.protocol(b, IP);
        if (protocol == Ipv4.PROTOCOL_GRE) {
            return true;
        }
        int field = l4
                + (protocol == Ipv4.PROTOCOL_TCP ? Tcp.CHECKSUM : protocol == Ipv4.PROTOCOL_UDP ? Udp.CHECKSUM : 2);
        return b.getShort(field, BIG_ENDIAN) == new UnsafeBuffer(again).getShort(field, BIG_ENDIAN);
    }

    /** @return protocol, addresses and ports as people write them: {@code udp 10.77.0.2:4000 > 198.51.100.2:53}. */
    static String describe(byte[] frame) {
        UnsafeBuffer b = new UnsafeBuffer(frame);
        if (Ethernet.type(b, 0) == Ethernet.TYPE_ARP) {
            return (Arp.operation(b, IP) == Arp.REQUEST
                    ? "arp who-has " + Ipv4Address.format(Arp.targetIp(b, IP)) + " tell "
                    : "arp reply " + Ipv4Address.format(Arp.senderIp(b, IP)) + " to ")
                    + Ipv4Address
                            .format(Arp.operation(b, IP) == Arp.REQUEST ? Arp.senderIp(b, IP) : Arp.targetIp(b, IP));
        }
        String source = Ipv4Address.format(Ipv4.source(b, IP));
        String destination = Ipv4Address.format(Ipv4.destination(b, IP));
        int l4 = IP + Ipv4.headerLength(b, IP);
        return switch (Ipv4.protocol(b, IP)) {
            case Ipv4.PROTOCOL_TCP -> "tcp " + source + ":" + Tcp.sourcePort(b, l4) + " > " + destination + ":"
                    + Tcp.destinationPort(b, l4);
            case Ipv4.PROTOCOL_UDP -> "udp " + source + ":" + Udp.sourcePort(b, l4) + " > " + destination + ":"
                    + Udp.destinationPort(b, l4);
            case Ipv4.PROTOCOL_ICMP ->
                "icmp " + Icmp.type(b, l4) + "/" + Icmp.code(b, l4) + " " + source + " > " + destination;
            case Ipv4.PROTOCOL_GRE -> "gre " + source + " > " + destination
                    + (b.capacity() >= l4 + Gre.ENHANCED_LENGTH && Gre.isEnhanced(b, l4)
                            ? " call " + Gre.callId(b, l4)
                            : "");
            default -> Ipv4.protocol(b, IP) + " " + source + " > " + destination;
        };
    }
}
