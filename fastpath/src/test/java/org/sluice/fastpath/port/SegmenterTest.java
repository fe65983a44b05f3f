package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;

class SegmenterTest {
    private static final int OFFSET = 32;
    private static final int IP = OFFSET + Ethernet.HEADER_LENGTH;
    private static final int AT = 64;

    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[4_000]);
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[2_000]);

    private int ipv4(int protocol, int payload) {
        int l4 = IP + Ipv4.HEADER_LENGTH;
        int header = protocol == Ipv4.PROTOCOL_TCP ? Tcp.HEADER_LENGTH : Udp.HEADER_LENGTH;
        Ethernet.header(frame, OFFSET, 1, 2, Ethernet.TYPE_IPV4);
        Ipv4.versionAndHeaderLength(frame, IP, Ipv4.HEADER_LENGTH);
        Ipv4.totalLength(frame, IP, Ipv4.HEADER_LENGTH + header + payload);
        Ipv4.identification(frame, IP, 0xFFFF);
        Ipv4.protocol(frame, IP, protocol);
        Ipv4.source(frame, IP, 0x0A000001);
        Ipv4.destination(frame, IP, 0xC6336401);
        fill(l4 + header, payload);
        return l4;
    }

    private void fill(int at, int bytes) {
        byte[] content = new byte[bytes];
        new Random(1).nextBytes(content);
        frame.putBytes(at, content);
    }

    private void superFrame(int type, int size, int l4, int checksum) {
        VirtioNetHeader.clear(frame, OFFSET);
        VirtioNetHeader.needsChecksum(frame, OFFSET, l4 - OFFSET, checksum);
        frame.putByte(OFFSET - VirtioNetHeader.LENGTH + 1, (byte) type);
        frame.putShort(OFFSET - VirtioNetHeader.LENGTH + 4, (short) size);
    }

    private void tcp(int l4) {
        Tcp.sequence(frame, l4, -50);
        Tcp.headerLength(frame, l4, Tcp.HEADER_LENGTH);
        Tcp.flags(frame, l4, Tcp.ACK | Tcp.PSH | Tcp.FIN | 0x80);
    }

    private void shouldBeSound(int length, int protocol) {
        int ip = AT + Ethernet.HEADER_LENGTH;
        boolean isIpv6 = Ipv6.isVersion6(target, ip);
        int l4 = ip + (isIpv6 ? Ipv6.HEADER_LENGTH : Ipv4.HEADER_LENGTH);
        int l4Length = AT + length - l4;
        if (!isIpv6) {
            assertThat(Checksum.fold(Checksum.sum(target, ip, Ipv4.HEADER_LENGTH))).isEqualTo(0xFFFF);
        }
        assertThat(Checksum.fold(
                Checksum.pseudoHeader(target, ip, protocol, l4Length) + Checksum.sum(target, l4, l4Length)))
                .isEqualTo(0xFFFF);
    }

    @Test
    void shouldCutATcpSuperFrameAsACardWould() {
        int l4 = ipv4(Ipv4.PROTOCOL_TCP, 2_500);
        tcp(l4);
        superFrame(VirtioNetHeader.GSO_TCPV4, 1_000, l4, Tcp.CHECKSUM);
        int length = 54 + 2_500;

        assertThat(Segmenter.count(frame, OFFSET, length)).isEqualTo(3);
        assertThat(Segmenter.longest(frame, OFFSET, length)).isEqualTo(1_054);
        for (int i = 0; i < 3; i++) {
            int bytes = Segmenter.write(target, AT, frame, OFFSET, length, i);
            int tcp = AT + 34;
            assertThat(bytes).isEqualTo(i < 2 ? 1_054 : 554);
            assertThat(Ipv4.totalLength(target, AT + 14)).isEqualTo(bytes - 14);
            assertThat(Ipv4.identification(target, AT + 14)).isEqualTo(0xFFFF + i & 0xFFFF);
            assertThat(Tcp.sequence(target, tcp)).isEqualTo(-50 + 1_000 * i);
            assertThat(Tcp.flags(target, tcp))
                    .isEqualTo(Tcp.ACK | (i == 2 ? Tcp.PSH | Tcp.FIN : 0) | (i == 0 ? 0x80 : 0));
            assertThat(target.getByte(AT + bytes - 1)).isEqualTo(frame.getByte(OFFSET + 54 + 1_000 * i + bytes - 55));
            shouldBeSound(bytes, Ipv4.PROTOCOL_TCP);
        }
    }

    @Test
    void shouldCutUdpIntoDatagrams() {
        int l4 = ipv4(Ipv4.PROTOCOL_UDP, 300);
        superFrame(VirtioNetHeader.GSO_UDP_L4, 100, l4, Udp.CHECKSUM);

        assertThat(Segmenter.count(frame, OFFSET, 342)).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(Segmenter.write(target, AT, frame, OFFSET, 342, i)).isEqualTo(142);
            assertThat(Udp.length(target, AT + 34)).isEqualTo(108);
            shouldBeSound(142, Ipv4.PROTOCOL_UDP);
        }
    }

    @Test
    void shouldCutIpv6() {
        int l4 = IP + Ipv6.HEADER_LENGTH;
        Ethernet.header(frame, OFFSET, 1, 2, Ethernet.TYPE_IPV6);
        frame.putByte(IP, (byte) 0x60);
        frame.putByte(IP + 6, (byte) Ipv4.PROTOCOL_TCP);
        fill(IP + Ipv6.SOURCE, 2 * Ipv6.ADDRESS_LENGTH);
        tcp(l4);
        fill(l4 + Tcp.HEADER_LENGTH, 1_500);
        superFrame(VirtioNetHeader.GSO_TCPV6, 1_000, l4, Tcp.CHECKSUM);

        for (int i = 0; i < 2; i++) {
            int bytes = Segmenter.write(target, AT, frame, OFFSET, 1_574, i);
            assertThat(bytes).isEqualTo(i == 0 ? 1_074 : 574);
            assertThat(Ipv6.payloadLength(target, AT + 14)).isEqualTo(bytes - 54);
            shouldBeSound(bytes, Ipv4.PROTOCOL_TCP);
        }
    }

    /** The field of a packet whose sender leaves the checksum to hardware holds the pseudo header's sum. */
    @Test
    void shouldKnowAPartialChecksumAndCompleteIt() {
        int l4 = ipv4(Ipv4.PROTOCOL_UDP, 11);
        int length = 42 + 11;
        Udp.length(frame, l4, 19);
        int partial = Checksum.fold(Checksum.pseudoHeader(frame, IP, Ipv4.PROTOCOL_UDP, 19));
        Udp.checksum(frame, l4, partial);

        SoftwareChecksum.find(frame, OFFSET, length);
        assertThat(VirtioNetHeader.needsChecksum(frame, OFFSET)).isTrue();
        SoftwareChecksum.complete(frame, OFFSET, length);
        assertThat(Udp.checksum(frame, l4))
                .isEqualTo(Checksum.transport(frame, IP, l4, 19, Ipv4.PROTOCOL_UDP));
        SoftwareChecksum.find(frame, OFFSET, length);
        assertThat(VirtioNetHeader.needsChecksum(frame, OFFSET)).isFalse();
    }

    @Test
    void shouldTakeNothingForAPartialChecksumThatLies() {
        Random random = new Random(7);
        byte[] bytes = new byte[60];
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(bytes);
            frame.putBytes(OFFSET, bytes);
            Ethernet.header(frame, OFFSET, 1, 2, random.nextBoolean() ? Ethernet.TYPE_IPV4 : Ethernet.TYPE_IPV6);
            int length = random.nextInt(61);
            SoftwareChecksum.find(frame, OFFSET, length);
            SoftwareChecksum.complete(frame, OFFSET, length);
        }
        assertThat(frame.getLong(0)).as("what stands before").isZero();
    }
}
