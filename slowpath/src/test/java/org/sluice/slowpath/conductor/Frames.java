package org.sluice.slowpath.conductor;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Gre;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ndp;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.slowpath.route.IpAddress;
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
        int l4 = l4(b);
        Udp.sourcePort(b, l4, sourcePort);
        Udp.destinationPort(b, l4, destinationPort);
        Udp.length(b, l4, Udp.HEADER_LENGTH + payload);
        for (int i = 0; i < payload; i++) {
            b.putByte(l4 + Udp.HEADER_LENGTH + i, (byte) i);
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
        int l4 = l4(b);
        Tcp.sourcePort(b, l4, sourcePort);
        Tcp.destinationPort(b, l4, destinationPort);
        Tcp.sequence(b, l4, sequence);
        Tcp.acknowledgement(b, l4, acknowledgement);
        Tcp.headerLength(b, l4, Tcp.HEADER_LENGTH);
        Tcp.flags(b, l4, flags);
        Tcp.window(b, l4, 65535);
        b.putStringWithoutLengthAscii(l4 + Tcp.HEADER_LENGTH, payload);
        return sealed(frame);
    }

    /** @param type of ICMP, or of ICMPv6 between IPv6 addresses */
    static byte[] echo(long to, long from, String source, String destination, int type, int identifier) {
        byte[] frame = ip(to, from, source, destination, icmp(source), Icmp.HEADER_LENGTH + 16);
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Icmp.type(b, l4(b), type);
        Icmp.identifier(b, l4(b), identifier);
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
        UnsafeBuffer b = new UnsafeBuffer(frame);
        b.putBytes(l4(b), payload);
        return sealed(frame);
    }

    /** An ICMP error that quotes a packet from its IP header on. */
    static byte[] icmpError(long to, long from, String source, String destination, int type, int code, byte[] about,
            int quoted) {
        byte[] frame = ip(to, from, source, destination, icmp(source), Icmp.HEADER_LENGTH + quoted);
        UnsafeBuffer b = new UnsafeBuffer(frame);
        int l4 = l4(b);
        Icmp.type(b, l4, type);
        Icmp.code(b, l4, code);
        b.putBytes(l4 + Icmp.HEADER_LENGTH, about, IP, quoted);
        return sealed(frame);
    }

    static byte[] arp(long to, long from, int operation, String senderIp, String targetIp) {
        UnsafeBuffer b = new UnsafeBuffer(new byte[60]);
        Ethernet.header(b, 0, to, from, Ethernet.TYPE_ARP);
        Arp.write(b, IP, operation, from, Ipv4Address.parse(senderIp), 0, Ipv4Address.parse(targetIp));
        return b.byteArray();
    }

    private static byte[] ip(long to, long from, String source, String destination, int protocol, int payload) {
        return source.contains(":")
                ? ip6(to, from, source, destination, protocol, payload)
                : ip4(to, from, source, destination, protocol, payload);
    }

    private static byte[] ip4(long to, long from, String source, String destination, int protocol, int payload) {
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

    static byte[] ip6(long to, long from, String source, String destination, int protocol, int payload) {
        byte[] frame = new byte[IP + Ipv6.HEADER_LENGTH + payload];
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Ethernet.header(b, 0, to, from, Ethernet.TYPE_IPV6);
        Ipv6.versionAndClass(b, IP, 0);
        Ipv6.payloadLength(b, IP, payload);
        Ipv6.nextHeader(b, IP, protocol);
        Ipv6.hopLimit(b, IP, 64);
        IpAddress.parse(source).write(b, IP + Ipv6.SOURCE);
        IpAddress.parse(destination).write(b, IP + Ipv6.DESTINATION);
        return frame;
    }

    /** A neighbour solicitation or advertisement, as its type says. */
    static byte[] ndp(long to, long from, int type, int flags, String source, String destination, String target,
            int option) {
        byte[] frame = ip6(to, from, source, destination, Ipv6.PROTOCOL_ICMP,
                Ndp.LENGTH + (option == 0 ? 0 : Ndp.LINK_ADDRESS_LENGTH));
        UnsafeBuffer b = new UnsafeBuffer(frame);
        int l4 = l4(b);
        Ipv6.hopLimit(b, IP, 255);
        Icmp.type(b, l4, type);
        Ndp.flags(b, l4, flags);
        IpAddress.parse(target).write(b, l4 + Ndp.TARGET);
        if (option != 0) {
            Ndp.linkAddress(b, l4 + Ndp.LENGTH, option, from);
        }
        return sealed(frame);
    }

    private static int icmp(String source) {
        return source.contains(":") ? Ipv6.PROTOCOL_ICMP : Ipv4.PROTOCOL_ICMP;
    }

    private static boolean isIpv6(UnsafeBuffer b) {
        return Ethernet.type(b, 0) == Ethernet.TYPE_IPV6;
    }

    /** @return offset of the transport header; IPv6 has no extension headers here. */
    static int l4(UnsafeBuffer b) {
        return isIpv6(b) ? IP + Ipv6.HEADER_LENGTH : IP + Ipv4.headerLength(b, IP);
    }

    private static int protocol(UnsafeBuffer b) {
        return isIpv6(b) ? Ipv6.nextHeader(b, IP) : Ipv4.protocol(b, IP);
    }

    private static int l4Length(UnsafeBuffer b) {
        return isIpv6(b) ? Ipv6.payloadLength(b, IP) : IP + Ipv4.totalLength(b, IP) - l4(b);
    }

    /** @return one of the fragments of a packet of IPv4. @param offset of its payload in the whole one's, in bytes. @param more whether others follow */
    static byte[] fragment(byte[] whole, int offset, int length, boolean more) {
        byte[] frame = new byte[L4 + length];
        System.arraycopy(whole, 0, frame, 0, L4);
        System.arraycopy(whole, L4 + offset, frame, L4, length);
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Ipv4.totalLength(b, IP, Ipv4.HEADER_LENGTH + length);
        Ipv4.identification(b, IP, 99);
        Ipv4.flagsAndFragment(b, IP, offset / 8 | (more ? Ipv4.MORE_FRAGMENTS : 0));
        Ipv4.updateChecksum(b, IP);
        return frame;
    }

    /** Computes all checksums anew. @return the same frame */
    static byte[] sealed(byte[] frame) {
        UnsafeBuffer b = new UnsafeBuffer(frame);
        if (!isIpv6(b)) {
            Ipv4.updateChecksum(b, IP);
        }
        int l4 = l4(b);
        int length = l4Length(b);
        if (isIpv6(b) || !Ipv4.isFragment(b, IP)) {
            switch (protocol(b)) {
                case Ipv4.PROTOCOL_TCP -> Tcp.checksum(b, l4, Checksum.transport(b, IP, l4, length, Ipv4.PROTOCOL_TCP));
                case Ipv4.PROTOCOL_UDP -> Udp.checksum(b, l4, Checksum.transport(b, IP, l4, length, Ipv4.PROTOCOL_UDP));
                case Ipv4.PROTOCOL_ICMP -> {
                    Icmp.checksum(b, l4, 0);
                    Icmp.checksum(b, l4, ~Checksum.fold(Checksum.sum(b, l4, length)));
                }
                case Ipv6.PROTOCOL_ICMP ->
                    Icmp.checksum(b, l4, Checksum.transport(b, IP, l4, length, Ipv6.PROTOCOL_ICMP));
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
        if (!isIpv6(b) && Checksum.fold(Checksum.sum(b, IP, Ipv4.headerLength(b, IP))) != 0xFFFF) {
            return false;
        }
        byte[] again = frame.clone();
        sealed(again);
        int protocol = protocol(b);
        if (protocol == Ipv4.PROTOCOL_GRE) {
            return true;
        }
        int field = l4(b)
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
        String source = source(b).toString();
        String destination = destination(b).toString();
        int l4 = l4(b);
        return switch (protocol(b)) {
            case Ipv4.PROTOCOL_TCP -> "tcp " + endpoint(source, Tcp.sourcePort(b, l4)) + " > "
                    + endpoint(destination, Tcp.destinationPort(b, l4));
            case Ipv4.PROTOCOL_UDP -> "udp " + endpoint(source, Udp.sourcePort(b, l4)) + " > "
                    + endpoint(destination, Udp.destinationPort(b, l4));
            case Ipv4.PROTOCOL_ICMP ->
                "icmp " + Icmp.type(b, l4) + "/" + Icmp.code(b, l4) + " " + source + " > " + destination;
            case Ipv6.PROTOCOL_ICMP ->
                "icmpv6 " + Icmp.type(b, l4) + "/" + Icmp.code(b, l4) + " " + source + " > " + destination;
            case Ipv4.PROTOCOL_GRE -> "gre " + source + " > " + destination
                    + (b.capacity() >= l4 + Gre.ENHANCED_LENGTH && Gre.isEnhanced(b, l4)
                            ? " call " + Gre.callId(b, l4)
                            : "");
            default -> protocol(b) + " " + source + " > " + destination;
        };
    }

    private static String endpoint(String address, int port) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }

    static IpAddress source(UnsafeBuffer b) {
        return isIpv6(b) ? IpAddress.read(b, IP + Ipv6.SOURCE) : IpAddress.v4(Ipv4.source(b, IP));
    }

    static IpAddress destination(UnsafeBuffer b) {
        return isIpv6(b) ? IpAddress.read(b, IP + Ipv6.DESTINATION) : IpAddress.v4(Ipv4.destination(b, IP));
    }
}
