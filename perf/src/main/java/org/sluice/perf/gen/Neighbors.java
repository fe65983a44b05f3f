package org.sluice.perf.gen;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ndp;
import org.sluice.perf.gen.load.AddressRange;

/**
 * Has a port answer for addresses, and ask for those of others: ARP (RFC 826) and neighbour discovery (RFC 4861 7.2). One thread.
 */
final class Neighbors {
    private static final int FRAME = 18;
    private static final int BODY = FRAME + Ethernet.HEADER_LENGTH;
    private static final int ICMP = BODY + Ipv6.HEADER_LENGTH;
    private static final int ROOM = 128;
    private static final int SHORTEST = 60;
    private static final int HOP_LIMIT = 255;
    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final long LOW_24 = 0xFF_FFFFL;
    /** 33:33:ff:00:00:00 (RFC 2464 7) and ff02::1:ff00:0 (RFC 4291 2.7.1); the last 24 bits are the address's. */
    private static final long SOLICITED_MAC = 0x3333_FF00_0000L;
    private static final long SOLICITED_HIGH = 0xFF02_0000_0000_0000L;
    private static final long SOLICITED_LOW = 0x1_FF00_0000L;
    private static final int LOW = 8;

    private final Port port;
    private final UnsafeBuffer out = OffHeap.allocate(ROOM);
    private List<AddressRange> own = List.of();
    private AddressRange asked;
    private long answer;
    private long bytes;

    Neighbors(Port port) {
        this.port = port;
    }

    /** @param addresses that it answers for from now on; the first one asks */
    void answerFor(List<AddressRange> addresses) {
        own = List.copyOf(addresses);
        asked = null;
        answer = 0;
    }

    /** Asks who has an address. The answer comes with a later {@link #onFrame}. */
    void ask(InetAddress target) {
        asked = new AddressRange(target, 1);
        answer = 0;
        AddressRange self = own.getFirst();
        out.setMemory(0, ROOM, (byte) 0);
        if (target instanceof Inet6Address) {
            long low = asked.low();
            header(SOLICITED_MAC | low & LOW_24, Ethernet.TYPE_IPV6);
            neighborMessage(Icmpv6.NEIGHBOR_SOLICITATION, self.high(), self.low(), SOLICITED_HIGH,
                    SOLICITED_LOW | low & LOW_24, asked.high(), low, 0, Ndp.SOURCE_LINK_ADDRESS);
        } else {
            header(Ethernet.BROADCAST, Ethernet.TYPE_ARP);
            Arp.write(out, BODY, Arp.REQUEST, port.macAddress(), (int) self.low(), 0, (int) asked.low());
            send(SHORTEST);
        }
    }

    /** @return the Ethernet address that was asked for; 0 until the answer has come. */
    long answer() {
        return answer;
    }

    /** @return whether the frame was a question to us, which is answered now, or the answer to ours. */
    boolean onFrame(DirectBuffer b, int frame, int length) {
        int body = frame + Ethernet.HEADER_LENGTH;
        if (length < Ethernet.HEADER_LENGTH) {
            return false;
        }
        int type = Ethernet.type(b, frame);
        if (type == Ethernet.TYPE_ARP) {
            return length >= Ethernet.HEADER_LENGTH + Arp.LENGTH && Arp.isEthernetIpv4(b, body) && onArp(b, body);
        }
        int icmp = body + Ipv6.HEADER_LENGTH;
        if (type != Ethernet.TYPE_IPV6 || length < Ethernet.HEADER_LENGTH + Ipv6.HEADER_LENGTH + Ndp.LENGTH
                || Ipv6.nextHeader(b, body) != Ipv6.PROTOCOL_ICMP || !Icmpv6.isDiscovery(Icmp.type(b, icmp))) {
            return false;
        }
        return onDiscovery(b, frame, body, icmp);
    }

    private boolean onArp(DirectBuffer b, int arp) {
        long sender = Arp.senderIp(b, arp) & LOW_32;
        boolean isAnswer = asked != null && !asked.isIpv6() && asked.low() == sender;
        if (isAnswer) {
            answer = Arp.senderMac(b, arp);
        }
        long target = Arp.targetIp(b, arp) & LOW_32;
        if (Arp.operation(b, arp) == Arp.REQUEST && owns(false, 0, target)) {
            long mac = Arp.senderMac(b, arp);
            out.setMemory(0, ROOM, (byte) 0);
            header(mac, Ethernet.TYPE_ARP);
            Arp.write(out, BODY, Arp.REPLY, port.macAddress(), (int) target, mac, (int) sender);
            send(SHORTEST);
            return true;
        }
        return isAnswer;
    }

    private boolean onDiscovery(DirectBuffer b, int frame, int ip, int icmp) {
        long high = b.getLong(icmp + Ndp.TARGET, BIG_ENDIAN);
        long low = b.getLong(icmp + Ndp.TARGET + LOW, BIG_ENDIAN);
        int type = Icmp.type(b, icmp);
        if (type == Icmpv6.NEIGHBOR_ADVERTISEMENT && asked != null && asked.isIpv6() && asked.contains(high, low)) {
            answer = Ethernet.source(b, frame);
            return true;
        }
        if (type == Icmpv6.NEIGHBOR_SOLICITATION && owns(true, high, low)) {
            long askerHigh = b.getLong(ip + Ipv6.SOURCE, BIG_ENDIAN);
            long askerLow = b.getLong(ip + Ipv6.SOURCE + LOW, BIG_ENDIAN);
            out.setMemory(0, ROOM, (byte) 0);
            header(Ethernet.source(b, frame), Ethernet.TYPE_IPV6);
            neighborMessage(Icmpv6.NEIGHBOR_ADVERTISEMENT, high, low, askerHigh, askerLow, high, low,
                    Ndp.SOLICITED | Ndp.OVERRIDE, Ndp.TARGET_LINK_ADDRESS);
            return true;
        }
        return false;
    }

    private boolean owns(boolean isIpv6, long high, long low) {
        for (AddressRange range : own) {
            if (range.isIpv6() == isIpv6 && range.contains(high, low)) {
                return true;
            }
        }
        return false;
    }

    private void header(long to, int type) {
        Ethernet.header(out, FRAME, to, port.macAddress(), type);
    }

    private void neighborMessage(int type, long fromHigh, long fromLow, long toHigh, long toLow, long targetHigh,
            long targetLow, int flags, int option) {
        int length = Ndp.LENGTH + Ndp.LINK_ADDRESS_LENGTH;
        Ipv6.versionAndClass(out, BODY, 0);
        Ipv6.payloadLength(out, BODY, length);
        Ipv6.nextHeader(out, BODY, Ipv6.PROTOCOL_ICMP);
        Ipv6.hopLimit(out, BODY, HOP_LIMIT);
        out.putLong(BODY + Ipv6.SOURCE, fromHigh, BIG_ENDIAN);
        out.putLong(BODY + Ipv6.SOURCE + LOW, fromLow, BIG_ENDIAN);
        out.putLong(BODY + Ipv6.DESTINATION, toHigh, BIG_ENDIAN);
        out.putLong(BODY + Ipv6.DESTINATION + LOW, toLow, BIG_ENDIAN);
        Icmp.type(out, ICMP, type);
        Ndp.flags(out, ICMP, flags);
        out.putLong(ICMP + Ndp.TARGET, targetHigh, BIG_ENDIAN);
        out.putLong(ICMP + Ndp.TARGET + LOW, targetLow, BIG_ENDIAN);
        Ndp.linkAddress(out, ICMP + Ndp.LENGTH, option, port.macAddress());
        Icmp.checksum(out, ICMP, Checksum.transport(out, BODY, ICMP, length, Ipv6.PROTOCOL_ICMP));
        send(ICMP + length - FRAME);
    }

    private void send(int length) {
        // a question that finds no room is asked again, by us or by the other side
        if (port.originate(out, FRAME, length)) {
            bytes += length;
        }
        port.flush();
    }

    /** @return bytes of all that was sent here. */
    long bytes() {
        return bytes;
    }
}
