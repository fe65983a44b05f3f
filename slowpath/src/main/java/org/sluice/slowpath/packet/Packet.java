package org.sluice.slowpath.packet;

import org.agrona.MutableDirectBuffer;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.fastpath.worker.Ipv4Parser;

/** The IPv4 packet that the conductor is dealing with, as it came in. Reused; valid until the next one. */
public final class Packet {
    private final Ipv4Parser parser = new Ipv4Parser();
    private MutableDirectBuffer buffer;
    private int port;
    private int frame;
    private int length;

    /** @return why it can't be read, or null. */
    public DropReason wrap(MutableDirectBuffer buffer, int port, int frame, int length) {
        this.buffer = buffer;
        this.port = port;
        this.frame = frame;
        this.length = length;
        return parser.parse(buffer, ip(), length - Ethernet.HEADER_LENGTH);
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

    public long addresses() {
        return parser.addresses();
    }

    public long ports() {
        return parser.ports();
    }

    public int source() {
        return FlowKey.source(addresses());
    }

    public int destination() {
        return FlowKey.destination(addresses());
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
            default -> true;
        };
    }

    private boolean isUdpChecksumRight(int l4) {
        int computed = Checksum.transport(buffer, ip(), l4, Udp.length(buffer, l4), Ipv4.PROTOCOL_UDP);
        return computed == Udp.checksum(buffer, l4) || computed == 0 && Udp.checksum(buffer, l4) == 0xFFFF;
    }
}
