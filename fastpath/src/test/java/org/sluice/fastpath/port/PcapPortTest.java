package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.fastpath.capture.CaptureReader;
import org.sluice.fastpath.capture.CaptureWriter;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ndp;

/** A port whose link is a capture. */
@Timeout(60)
class PcapPortTest {
    private static final long SOMEBODY = 0x02_00_00_00_00_99L;
    private static final long HOST = 0x02_00_00_00_00_02L;
    private static final int AT = VirtioNetHeader.LENGTH_ALIGNED;

    @TempDir
    private Path directory;

    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[256]);
    private final FrameBurst burst = new FrameBurst(8);

    private Path capture(String name, long begin, long gap, int count, long to) throws IOException {
        Path file = directory.resolve(name);
        try (CaptureWriter writer = new CaptureWriter(file)) {
            for (int i = 0; i < count; i++) {
                Ethernet.header(frame, 0, to, HOST, 0x88B5);
                frame.putInt(Ethernet.HEADER_LENGTH, i);
                writer.write(begin + i * gap, frame, 0, 60);
            }
        }
        return file;
    }

    private PcapPort open(Path file, ReplayClock clock) throws IOException {
        return PcapPort.open(0, "inside", file, 1_500, 1, clock).getFirst();
    }

    /** @return the numbers of the next frames, at least one. */
    private List<Integer> receive(PcapPort port) {
        while (port.receive(burst) == 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < burst.size(); i++) {
            assertThat(burst.length(i)).isEqualTo(60);
            assertThat(VirtioNetHeader.flags(burst.buffer(i), burst.frame(i))).isZero();
            numbers.add(burst.buffer(i).getInt(burst.frame(i) + Ethernet.HEADER_LENGTH));
        }
        port.release();
        return numbers;
    }

    @Test
    void shouldReceiveAllFramesInOrderAndThenNone() throws IOException {
        try (PcapPort port = open(capture("in.pcap", 5_000_000_000L, 1_000, 100, SOMEBODY), new ReplayClock())) {
            List<Integer> numbers = new ArrayList<>();
            while (numbers.size() < 100) {
                numbers.addAll(receive(port));
                assertThat(Ethernet.destination(burst.buffer(0), burst.frame(0))).isEqualTo(port.macAddress());
                assertThat(Ethernet.source(burst.buffer(0), burst.frame(0))).isEqualTo(HOST);
            }
            assertThat(numbers).hasSize(100).isSorted().doesNotHaveDuplicates();
            assertThat(port.receive(burst)).isZero();
            assertThat(port.counters().get(PortCounter.RX_PACKETS)).isEqualTo(100);
            assertThat(port.counters().get(PortCounter.RX_BYTES)).isEqualTo(6_000);
        }
    }

    @Test
    void shouldLeaveGroupAddressesAlone() throws IOException {
        try (PcapPort port = open(capture("in.pcap", 0, 0, 1, Ethernet.BROADCAST), new ReplayClock())) {
            receive(port);
            assertThat(Ethernet.destination(burst.buffer(0), burst.frame(0))).isEqualTo(Ethernet.BROADCAST);
        }
    }

    /** Frames of two captures come as they did, one second of the later one's distance apart. */
    @Test
    void shouldHaveOneClockForAllCaptures() throws IOException {
        ReplayClock clock = new ReplayClock();
        Path early = capture("early.pcap", 5_000_000_000L, 0, 1, SOMEBODY);
        Path late = capture("late.pcap", 5_200_000_000L, 0, 1, SOMEBODY);
        try (PcapPort second = open(late, clock); PcapPort first = open(early, clock)) {
            assertThat(second.receive(burst)).isZero();
            receive(first);
            receive(second);
            assertThat(clock.now()).isGreaterThanOrEqualTo(5_200_000_000L);
        }
    }

    @Test
    void shouldWriteWhatIsSentAtItsTime() throws IOException {
        Path file = capture("in.pcapng", 5_000_000_000L, 0, 1, SOMEBODY);
        try (PcapPort port = open(file, new ReplayClock())) {
            receive(port);
            Ethernet.header(frame, AT, HOST, port.macAddress(), 0x88B5);
            assertThat(port.transmit(frame, AT, 77)).isTrue();
            assertThat(port.originate(frame, AT, 78)).isTrue();
            port.flush();
            assertThat(port.counters().get(PortCounter.TX_PACKETS)).isEqualTo(2);
            assertThat(port.counters().get(PortCounter.TX_ORIGINATED)).isEqualTo(1);
        }
        CaptureReader written = CaptureReader.open(directory.resolve("in.out.pcap"));
        assertThat(written.next()).isTrue();
        assertThat(written.length()).isEqualTo(77);
        assertThat(written.timestamp()).isGreaterThanOrEqualTo(5_000_000_000L).isLessThan(65_000_000_000L);
        assertThat(written.next()).isTrue();
        assertThat(written.next()).isFalse();
    }

    @Test
    void shouldAnswerForWhoeverIsAskedFor() throws IOException {
        try (PcapPort port = open(directory.resolve("none.pcap"), new ReplayClock())) {
            assertThat(port.receive(burst)).isZero();
            Ethernet.header(frame, AT, Ethernet.BROADCAST, port.macAddress(), Ethernet.TYPE_ARP);
            Arp.write(frame, AT + Ethernet.HEADER_LENGTH, Arp.REQUEST, port.macAddress(), 1, 0, 2);
            assertThat(port.originate(frame, AT, 60)).isTrue();
            assertThat(port.receive(burst)).isEqualTo(1);
            int arp = burst.frame(0) + Ethernet.HEADER_LENGTH;
            assertThat(Arp.operation(burst.buffer(0), arp)).isEqualTo(Arp.REPLY);
            assertThat(Arp.senderIp(burst.buffer(0), arp)).isEqualTo(2);
            assertThat(Arp.targetIp(burst.buffer(0), arp)).isEqualTo(1);
            assertThat(Arp.senderMac(burst.buffer(0), arp)).isNotEqualTo(port.macAddress());
            port.release();

            // whether an address is free, or that it is one's own, is no question
            for (int[] ips : new int[][]{{0, 2}, {2, 2}}) {
                Arp.write(frame, AT + Ethernet.HEADER_LENGTH, Arp.REQUEST, port.macAddress(), ips[0], 0, ips[1]);
                assertThat(port.originate(frame, AT, 60)).isTrue();
                assertThat(port.receive(burst)).isZero();
            }
        }
    }

    @Test
    void shouldAnswerNeighborSolicitations() throws IOException {
        try (PcapPort port = open(directory.resolve("none.pcap"), new ReplayClock())) {
            int ip = AT + Ethernet.HEADER_LENGTH;
            int icmp = ip + Ipv6.HEADER_LENGTH;
            Ethernet.header(frame, AT, 0x3333_FF00_0002L, port.macAddress(), Ethernet.TYPE_IPV6);
            Ipv6.versionAndClass(frame, ip, 0);
            Ipv6.payloadLength(frame, ip, Ndp.LENGTH);
            Ipv6.nextHeader(frame, ip, Ipv6.PROTOCOL_ICMP);
            frame.putLong(ip + Ipv6.SOURCE + 8, 7);
            Icmp.type(frame, icmp, Icmpv6.NEIGHBOR_SOLICITATION);
            frame.putLong(icmp + Ndp.TARGET + 8, 9);
            assertThat(port.originate(frame, AT, 14 + 40 + Ndp.LENGTH)).isTrue();
            assertThat(port.receive(burst)).isEqualTo(1);
            UnsafeBuffer b = burst.buffer(0);
            int gotIp = burst.frame(0) + Ethernet.HEADER_LENGTH;
            int got = gotIp + Ipv6.HEADER_LENGTH;
            assertThat(Icmp.type(b, got)).isEqualTo(Icmpv6.NEIGHBOR_ADVERTISEMENT);
            assertThat(b.getLong(got + Ndp.TARGET + 8)).isEqualTo(9);
            assertThat(b.getLong(gotIp + Ipv6.DESTINATION + 8)).isEqualTo(7);
            assertThat(Ipv6.hopLimit(b, gotIp)).isEqualTo(255);
            int length = Ipv6.payloadLength(b, gotIp);
            assertThat(Icmp.checksum(b, got))
                    .isEqualTo(Checksum.transport(b, gotIp, got, length, Ipv6.PROTOCOL_ICMP));
        }
    }

    @Test
    void shouldRefuseAFileThatIsNotWhole() throws IOException {
        Path file = capture("in.pcap", 0, 0, 3, SOMEBODY);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> open(file, new ReplayClock())).isInstanceOf(IOException.class)
                .hasMessageContaining("ends in the midst of a frame, after 2 frames");
        assertThat(Files.exists(directory.resolve("in.out.pcap"))).as("nothing was written over").isFalse();
    }
}
