package org.sluice.slowpath.stream;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;

/** A TCP segment in an IPv4 packet, as a host makes and reads it. */
final class Segment {
    private static final int OPTION_NOP = 1;
    private static final int OPTION_MSS = 2;
    private static final int OPTION_SACK = 5;
    private static final int OPTION_TIMESTAMP = 8;
    private static final int CLIENT = 0x0A4D0002;
    private static final int SERVER = 0xC6336402;

    private final UnsafeBuffer packet;
    private final int tcp;

    /** A range of sequence numbers. */
    record Block(int left, int right) {}

    private Segment(UnsafeBuffer packet) {
        this.packet = packet;
        tcp = Ipv4.headerLength(packet, 0);
    }

    /** @return offset of the TCP header in the packet. */
    int tcp() {
        return tcp;
    }

    static Segment data(int direction, int flags, int sequence, int acknowledgement, String text) {
        return make(direction, flags, sequence, acknowledgement, 65535, new byte[0],
                text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** @param direction 0 from the client. @param options a multiple of four bytes */
    static Segment make(int direction, int flags, int sequence, int acknowledgement, int window, byte[] options,
            byte[] payload) {
        int headers = Ipv4.HEADER_LENGTH + Tcp.HEADER_LENGTH + options.length;
        UnsafeBuffer b = new UnsafeBuffer(new byte[headers + payload.length]);
        int tcp = Ipv4.HEADER_LENGTH;
        Ipv4.versionAndHeaderLength(b, 0, Ipv4.HEADER_LENGTH);
        Ipv4.totalLength(b, 0, b.capacity());
        Ipv4.ttl(b, 0, 64);
        Ipv4.protocol(b, 0, Ipv4.PROTOCOL_TCP);
        Ipv4.source(b, 0, direction == 0 ? CLIENT : SERVER);
        Ipv4.destination(b, 0, direction == 0 ? SERVER : CLIENT);
        Ipv4.updateChecksum(b, 0);
        Tcp.sourcePort(b, tcp, direction == 0 ? 5000 : 21);
        Tcp.destinationPort(b, tcp, direction == 0 ? 21 : 5000);
        Tcp.sequence(b, tcp, sequence);
        Tcp.acknowledgement(b, tcp, acknowledgement);
        Tcp.headerLength(b, tcp, Tcp.HEADER_LENGTH + options.length);
        Tcp.flags(b, tcp, flags);
        Tcp.window(b, tcp, window);
        b.putBytes(tcp + Tcp.HEADER_LENGTH, options);
        b.putBytes(headers, payload);
        // the transport checksum is left out on purpose: offloads may leave it to the device
        return new Segment(b);
    }

    static byte[] mssOption(int mss) {
        return new byte[]{OPTION_MSS, 4, (byte) (mss >> 8), (byte) mss};
    }

    static byte[] timestampOption(int value) {
        UnsafeBuffer b = new UnsafeBuffer(new byte[12]);
        b.putByte(0, (byte) OPTION_NOP);
        b.putByte(1, (byte) OPTION_NOP);
        b.putByte(2, (byte) OPTION_TIMESTAMP);
        b.putByte(3, (byte) 10);
        b.putInt(4, value, BIG_ENDIAN);
        return b.byteArray();
    }

    static byte[] sackOption(List<Block> blocks) {
        UnsafeBuffer b = new UnsafeBuffer(new byte[4 + 8 * blocks.size()]);
        b.putByte(0, (byte) OPTION_NOP);
        b.putByte(1, (byte) OPTION_NOP);
        b.putByte(2, (byte) OPTION_SACK);
        b.putByte(3, (byte) (2 + 8 * blocks.size()));
        for (int i = 0; i < blocks.size(); i++) {
            b.putInt(4 + 8 * i, blocks.get(i).left, BIG_ENDIAN);
            b.putInt(8 + 8 * i, blocks.get(i).right, BIG_ENDIAN);
        }
        return b.byteArray();
    }

    /** Copies what was sent on, and checks that it is whole. */
    static Segment read(DirectBuffer sent, int ip, int length) {
        UnsafeBuffer b = new UnsafeBuffer(new byte[length]);
        b.putBytes(0, sent, ip, length);
        Segment segment = new Segment(b);
        assertThat(Ipv4.totalLength(b, 0)).as("total length").isEqualTo(length);
        assertThat(Checksum.fold(Checksum.sum(b, 0, segment.tcp))).as("IP checksum").isEqualTo(0xFFFF);
        int l4Length = length - segment.tcp;
        assertThat(Tcp.checksum(b, segment.tcp)).as("TCP checksum")
                .isEqualTo(Checksum.transport(b, 0, segment.tcp, l4Length, Ipv4.PROTOCOL_TCP));
        return segment;
    }

    Segment urgent(int pointer) {
        Tcp.flags(packet, tcp, flags() | Tcp.URG);
        Tcp.urgentPointer(packet, tcp, pointer);
        return this;
    }

    Segment window(int value) {
        Tcp.window(packet, tcp, value);
        return this;
    }

    UnsafeBuffer packet() {
        return packet;
    }

    int sequence() {
        return Tcp.sequence(packet, tcp);
    }

    int acknowledgement() {
        return Tcp.acknowledgement(packet, tcp);
    }

    int flags() {
        return Tcp.flags(packet, tcp);
    }

    boolean has(int flag) {
        return (flags() & flag) != 0;
    }

    int window() {
        return Tcp.window(packet, tcp);
    }

    int urgentPointer() {
        return Tcp.urgentPointer(packet, tcp);
    }

    byte[] payload() {
        int begin = tcp + Tcp.headerLength(packet, tcp);
        byte[] bytes = new byte[packet.capacity() - begin];
        packet.getBytes(begin, bytes);
        return bytes;
    }

    String text() {
        return new String(payload(), StandardCharsets.ISO_8859_1);
    }

    /** @return what SACK options say; every option has to be well formed. */
    List<Block> sack() {
        List<Block> blocks = new ArrayList<>();
        int end = tcp + Tcp.headerLength(packet, tcp);
        int at = tcp + Tcp.HEADER_LENGTH;
        while (at < end) {
            int kind = packet.getByte(at);
            if (kind == OPTION_NOP) {
                at++;
                continue;
            }
            int length = packet.getByte(at + 1);
            assertThat(length).as("option length").isBetween(2, end - at);
            if (kind == OPTION_SACK) {
                assertThat((length - 2) % 8).isZero();
                for (int block = at + 2; block < at + length; block += 8) {
                    blocks.add(new Block(packet.getInt(block, BIG_ENDIAN), packet.getInt(block + 4, BIG_ENDIAN)));
                }
            }
            at += length;
        }
        return blocks;
    }
}
