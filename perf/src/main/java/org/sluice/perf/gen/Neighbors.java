package org.sluice.perf.gen;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.wire.AddressAnswer;
import org.sluice.fastpath.wire.Arp;
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
    private static final int ROOM = 128;
    private static final int SHORTEST = 60;
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
            solicit(self, asked.high(), low);
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
        if (isAnswer(b, frame, length)) {
            return true;
        }
        if (!AddressAnswer.isQuestion(b, frame, length) || !isForUs(b, frame)) {
            return false;
        }
        out.setMemory(0, ROOM, (byte) 0);
        send(AddressAnswer.write(out, FRAME, b, frame, port.macAddress()));
        return true;
    }

    private boolean isForUs(DirectBuffer b, int frame) {
        int body = frame + Ethernet.HEADER_LENGTH;
        if (Ethernet.type(b, frame) == Ethernet.TYPE_ARP) {
            return owns(false, 0, Arp.targetIp(b, body) & LOW_32);
        }
        int target = body + Ipv6.HEADER_LENGTH + Ndp.TARGET;
        return owns(true, b.getLong(target, BIG_ENDIAN), b.getLong(target + LOW, BIG_ENDIAN));
    }

    private boolean isAnswer(DirectBuffer b, int frame, int length) {
        int body = frame + Ethernet.HEADER_LENGTH;
        if (asked == null || length < Ethernet.HEADER_LENGTH + Arp.LENGTH) {
            return false;
        }
        if (!asked.isIpv6()) {
            if (Ethernet.type(b, frame) != Ethernet.TYPE_ARP || !Arp.isEthernetIpv4(b, body)
                    || Arp.operation(b, body) != Arp.REPLY || (Arp.senderIp(b, body) & LOW_32) != asked.low()) {
                return false;
            }
            answer = Arp.senderMac(b, body);
            return true;
        }
        int icmp = body + Ipv6.HEADER_LENGTH;
        if (length < Ethernet.HEADER_LENGTH + Ipv6.HEADER_LENGTH + Ndp.LENGTH
                || Ethernet.type(b, frame) != Ethernet.TYPE_IPV6 || Ipv6.nextHeader(b, body) != Ipv6.PROTOCOL_ICMP
                || Icmp.type(b, icmp) != Icmpv6.NEIGHBOR_ADVERTISEMENT
                || !asked.contains(b.getLong(icmp + Ndp.TARGET, BIG_ENDIAN),
                        b.getLong(icmp + Ndp.TARGET + LOW, BIG_ENDIAN))) {
            return false;
        }
        answer = Ethernet.source(b, frame);
        return true;
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

    private void solicit(AddressRange self, long targetHigh, long targetLow) {
        out.putLong(BODY + Ipv6.SOURCE, self.high(), BIG_ENDIAN);
        out.putLong(BODY + Ipv6.SOURCE + LOW, self.low(), BIG_ENDIAN);
        out.putLong(BODY + Ipv6.DESTINATION, SOLICITED_HIGH, BIG_ENDIAN);
        out.putLong(BODY + Ipv6.DESTINATION + LOW, SOLICITED_LOW | targetLow & LOW_24, BIG_ENDIAN);
        out.putLong(BODY + Ipv6.HEADER_LENGTH + Ndp.TARGET, targetHigh, BIG_ENDIAN);
        out.putLong(BODY + Ipv6.HEADER_LENGTH + Ndp.TARGET + LOW, targetLow, BIG_ENDIAN);
        send(Ethernet.HEADER_LENGTH + Ndp.write(out, BODY, Icmpv6.NEIGHBOR_SOLICITATION, 0, Ndp.SOURCE_LINK_ADDRESS,
                port.macAddress()));
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
