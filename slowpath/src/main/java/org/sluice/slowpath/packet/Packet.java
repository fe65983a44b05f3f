package org.sluice.slowpath.packet;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.agrona.MutableDirectBuffer;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Sctp;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.fastpath.worker.IpParser;
import org.sluice.slowpath.route.IpAddress;

/** The IP packet that the conductor is dealing with, as it came in. Reused; valid until the next one. */
public final class Packet {
    private final IpParser parser = new IpParser();
    private MutableDirectBuffer buffer;
    private int port;
    private int frame;
    private int length;
    private Pieces pieces;
    /** Null until somebody asks: for most packets of known flows of IPv4 nobody does. */
    private IpAddress source;
    private IpAddress destination;

    /** @return why it can't be read, or null. */
    public DropReason wrap(MutableDirectBuffer buffer, int port, int frame, int length) {
        this.buffer = buffer;
        this.port = port;
        this.frame = frame;
        this.length = length;
        pieces = null;
        source = null;
        destination = null;
        int available = length - Ethernet.HEADER_LENGTH;
        if (Ethernet.type(buffer, frame) == Ethernet.TYPE_IPV6) {
            DropReason reason = parser.parse6(buffer, ip(), available);
            // an IPv4-mapped address (RFC 4291 2.5.5.2) on the wire would pass for one of the other family
            return reason == null && (source().isV4() || destination().isV4()) ? DropReason.MARTIAN : reason;
        }
        return parser.parse(buffer, ip(), available);
    }

    /** It came as IPv6 fragments, and so it is to go on. */
    public void cameIn(Pieces pieces) {
        this.pieces = pieces;
    }

    /** @return null when it came whole, or is IPv4. */
    public Pieces pieces() {
        return pieces;
    }

    public boolean isIpv6() {
        return parser.isIpv6();
    }

    /** @return whether it is ICMP of its family. */
    public boolean isIcmp() {
        return protocol() == (isIpv6() ? Ipv6.PROTOCOL_ICMP : Ipv4.PROTOCOL_ICMP);
    }

    /** @return IPv6: offset of the fragment header, 0 when there is none. */
    public int fragmentHeader() {
        return parser.fragmentHeader();
    }

    /** @return time to live, or hop limit. */
    public int ttl() {
        return isIpv6() ? Ipv6.hopLimit(buffer, ip()) : Ipv4.ttl(buffer, ip());
    }

    /** @return its flow, or {@link FlowTable#NONE}. */
    public int find(FlowTable flows) {
        return parser.find(flows);
    }

    /** Holds the frame, and the virtio-net header before it. */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /** @return index of the port it came in through. */
    public int port() {
        return port;
    }

    /** @return offset of the Ethernet header. */
    public int frame() {
        return frame;
    }

    /** @return length of the frame. */
    public int length() {
        return length;
    }

    public int ip() {
        return frame + Ethernet.HEADER_LENGTH;
    }

    public int l4() {
        return parser.l4();
    }

    /** @return offset behind the last byte of the IP packet. */
    public int end() {
        return parser.end();
    }

    public int protocol() {
        return parser.protocol();
    }

    public int tcpFlags() {
        return parser.tcpFlags();
    }

    /** @return {@link FlowKey}; IPv4 only. */
    public long addresses() {
        return parser.addresses();
    }

    public long ports() {
        return parser.ports();
    }

    public IpAddress source() {
        if (source == null) {
            source = isIpv6()
                    ? new IpAddress(parser.sourceHigh(), parser.sourceLow())
                    : IpAddress.v4(FlowKey.source(parser.addresses()));
        }
        return source;
    }

    public IpAddress destination() {
        if (destination == null) {
            destination = isIpv6()
                    ? new IpAddress(parser.destinationHigh(), parser.destinationLow())
                    : IpAddress.v4(FlowKey.destination(parser.addresses()));
        }
        return destination;
    }

    /** @return whether its Ethernet destination was broadcast or multicast. */
    public boolean isLinkGroup() {
        return Ethernet.isGroup(Ethernet.destination(buffer, frame));
    }

    /** @return whether the device still has to finish the transport checksum. */
    public boolean isPartial() {
        return VirtioNetHeader.needsChecksum(buffer, frame);
    }

    /**
     * Verifies the transport checksum, unless the kernel vouches for it: it came from this machine or was verified.
     */
    public boolean isTransportChecksumRight() {
        if ((VirtioNetHeader.flags(buffer, frame)
                & (VirtioNetHeader.NEEDS_CHECKSUM | VirtioNetHeader.CHECKSUM_VALID)) != 0) {
            return true;
        }
        int l4 = l4();
        return switch (protocol()) {
            case Ipv4.PROTOCOL_TCP -> Checksum.transport(buffer, ip(), l4, end() - l4, Ipv4.PROTOCOL_TCP) == Tcp
                    .checksum(buffer, l4);
            case Ipv4.PROTOCOL_UDP -> Udp.checksum(buffer, l4) == 0 || isUdpChecksumRight(l4);
            case Ipv4.PROTOCOL_ICMP -> Checksum.fold(Checksum.sum(buffer, l4, end() - l4)) == 0xFFFF
                    && Icmp.HEADER_LENGTH <= end() - l4;
            case Ipv4.PROTOCOL_SCTP -> isCrcRight(l4, end() - l4);
            case Ipv6.PROTOCOL_ICMP -> !isIpv6() || Checksum.transport(buffer, ip(), l4, end() - l4,
                    Ipv6.PROTOCOL_ICMP) == Icmp.checksum(buffer, l4);
            default -> true;
        };
    }

    private boolean isCrcRight(int l4, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(l4, bytes);
        Arrays.fill(bytes, Sctp.CHECKSUM, Sctp.CHECKSUM + Integer.BYTES, (byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue() == Sctp.checksum(buffer, l4);
    }

    private boolean isUdpChecksumRight(int l4) {
        int computed = Checksum.transport(buffer, ip(), l4, Udp.length(buffer, l4), Ipv4.PROTOCOL_UDP);
        return computed == Udp.checksum(buffer, l4) || computed == 0 && Udp.checksum(buffer, l4) == 0xFFFF;
    }
}
