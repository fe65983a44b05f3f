package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sluice.fastpath.port.NetworkRig.await;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.fastpath.linux.SocketFilter;

/** Two ports on the two ends of one veth pair: what one transmits the other receives. */
@Timeout(60)
class AfPacketPairIT {
    private static final int OFFSET = 64;
    private static final int HEADERS = 54;
    private static final AfPacketPort.Options OPTIONS = new AfPacketPort.Options(300, 60, 60, true);

    private final NetworkRig rig = new NetworkRig();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[70_000]);
    private final FrameBurst burst = new FrameBurst(64);
    private final List<String> received = new ArrayList<>();
    private final FrameHandler note = (buffer, offset, length, timestamp) -> received
            .add(buffer.getInt(offset + HEADERS) + ":" + length);
    private AfPacketPort sender;
    private AfPacketPort receiver;

    @BeforeEach
    void open() {
        rig.addPair("x", "y");
        rig.run("ip", "link", "set", rig.name("x"), "mtu", "9000", "up");
        rig.run("ip", "link", "set", rig.name("y"), "mtu", "9000", "up");
        sender = AfPacketPort.open(0, "x", rig.name("x"), OPTIONS);
        receiver = AfPacketPort.open(1, "y", rig.name("y"), OPTIONS);
        maintainUntilUp();
    }

    @AfterEach
    void close() {
        try {
            if (sender != null) {
                sender.close();
            }
            if (receiver != null) {
                receiver.close();
            }
        } finally {
            rig.close();
        }
    }

    @Test
    void shouldMergeBothRingsInOrder() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int length = i % 7 < 3 ? 60 : i % 7 < 5 ? 9_000 : 1_400;
            send(i, length);
            expected.add(i + ":" + length);
            if (i % 50 == 49) {
                sender.flush();
                receiveAll(i + 1);
            }
        }
        assertThat(received).isEqualTo(expected);
    }

    @Test
    void shouldPutEachLengthIntoOneRingOnly() {
        List<String> expected = new ArrayList<>();
        for (int length = AfPacketLayout.SMALL_FRAME - 3; length <= AfPacketLayout.SMALL_FRAME + 3; length++) {
            send(length, length);
            expected.add(length + ":" + length);
        }
        sender.flush();
        receiveAll(expected.size());

        assertThat(received).isEqualTo(expected);
    }

    @Test
    void shouldPassASuperFrameWithItsHeader() {
        int length = HEADERS + 45 * 1_448;
        write(1, length);
        tcp(length);
        superFrame(1_448);
        assertThat(sender.transmit(frame, OFFSET, length)).isTrue();
        sender.flush();

        await("the frame", () -> FrameHandler.receive(receiver, 1, (buffer, offset, got, timestamp) -> {
            assertThat(got).isEqualTo(length);
            assertThat(VirtioNetHeader.needsChecksum(buffer, offset)).isTrue();
            assertThat(VirtioNetHeader.gsoType(buffer, offset)).isEqualTo(VirtioNetHeader.GSO_TCPV4);
            assertThat(VirtioNetHeader.gsoSize(buffer, offset)).isEqualTo(1_448);
            assertThat(buffer.getByte(offset + length - 1)).isEqualTo(frame.getByte(OFFSET + length - 1));
            assertThat(timestamp).isPositive();
        }) == 1);
    }

    private void superFrame(int segment) {
        int vnet = OFFSET - VirtioNetHeader.LENGTH;
        frame.putByte(vnet, (byte) VirtioNetHeader.NEEDS_CHECKSUM);
        frame.putByte(vnet + 1, (byte) VirtioNetHeader.GSO_TCPV4);
        frame.putShort(vnet + 2, (short) HEADERS);
        frame.putShort(vnet + 4, (short) segment);
        frame.putShort(vnet + 6, (short) 34);
        frame.putShort(vnet + 8, (short) 16);
    }

    @Test
    void shouldDropAndCountTaggedFrames() {
        write(1, 64);
        frame.putShort(OFFSET + 12, Short.reverseBytes((short) 0x8100));
        frame.putShort(OFFSET + 14, Short.reverseBytes((short) 5));
        frame.putShort(OFFSET + 16, Short.reverseBytes((short) 0x0800));
        sender.transmit(frame, OFFSET, 64);
        send(2, 60);
        sender.flush();
        receiveAll(1);

        assertThat(received).containsExactly("2:60");
        assertThat(receiver.counters().get(PortCounter.RX_VLAN)).isEqualTo(1);
        assertThat(receiver.counters().get(PortCounter.RX_PACKETS)).isEqualTo(2);
    }

    /** The sink of a load at full speed sees one frame in many, and the others don't take its time. */
    @Test
    void shouldTakeOnlyWhatItsFilterLetsPass() {
        try (AfPacketPort some = AfPacketPort.open(2, "some", rig.name("y"),
                OPTIONS.only(SocketFilter.ALL.word(HEADERS, Integer.reverseBytes(7))))) {
            for (int i = 0; i < 10; i++) {
                send(i, i == 7 ? 9_000 : 60);
                send(i, 60);
            }
            sender.flush();
            receiveAll(20);

            List<Integer> seen = new ArrayList<>();
            await("both frames with a 7", () -> {
                FrameHandler.receive(some, 64, (buffer, offset, length, timestamp) -> {
                    assertThat(buffer.getInt(offset + HEADERS)).isEqualTo(7);
                    seen.add(length);
                });
                return seen.size() == 2;
            });
            assertThat(seen).containsExactly(9_000, 60);
            assertThat(some.counters().get(PortCounter.RX_PACKETS)).isEqualTo(2);
        }
    }

    /** Several ports share a device: each has its VLAN's frames, whose tag the others see on the wire. */
    @Test
    void shouldKeepVlansApart() {
        try (AfPacketPort first = AfPacketPort.open(2, "first", rig.name("x"), OPTIONS.onVlan(10));
                AfPacketPort same = AfPacketPort.open(3, "same", rig.name("y"), OPTIONS.onVlan(10));
                AfPacketPort other = AfPacketPort.open(4, "other", rig.name("y"), OPTIONS.onVlan(20));
                AfPacketPort none = AfPacketPort.open(5, "none", rig.name("y"),
                        OPTIONS.onVlan(AfPacketPort.Options.ONLY_UNTAGGED))) {
            write(1, HEADERS + 5_000);
            tcp(HEADERS + 5_000);
            superFrame(1_448);
            assertThat(first.transmit(frame, OFFSET, HEADERS + 5_000)).isTrue();
            first.flush();
            await("the frame in its VLAN", () -> FrameHandler.receive(same, 1, (buffer, offset, got, timestamp) -> {
                assertThat(got).isEqualTo(HEADERS + 5_000);
                assertThat(buffer.getShort(offset + 12)).isEqualTo(frame.getShort(OFFSET + 12));
                assertThat(VirtioNetHeader.needsChecksum(buffer, offset)).isTrue();
                assertThat(VirtioNetHeader.gsoSize(buffer, offset)).isEqualTo(1_448);
                assertThat(buffer.getByte(offset + got - 1)).isEqualTo(frame.getByte(OFFSET + got - 1));
            }) == 1);
            send(2, 60);
            sender.flush();
            await("the frame without a tag",
                    () -> FrameHandler.receive(none, 1, (buffer, offset, got, timestamp) -> assertThat(
                            got).isEqualTo(60)) == 1);

            assertThat(other.counters().get(PortCounter.RX_PACKETS)).isZero();
            assertThat(none.counters().get(PortCounter.RX_PACKETS)).isEqualTo(1);
            assertThat(FrameHandler.receive(same, 1, (buffer, offset, got, timestamp) -> {})).isZero();
            receiveAll(1);
            assertThat(receiver.counters().get(PortCounter.RX_VLAN)).isEqualTo(1);
        }
    }

    @Test
    void shouldNotLetARefusedFrameHoldUpTheOthers() {
        rig.run("ip", "link", "set", rig.name("y"), "mtu", "1500");
        send(1, 60);
        send(2, 1_700);
        send(3, 60);
        await("all frames to have left", () -> {
            sender.flush();
            return sender.counters().get(PortCounter.TX_PACKETS) + sender.counters().get(PortCounter.TX_REJECTED) == 3;
        });
        receiveAll(2);

        assertThat(received).containsExactly("1:60", "3:60");
        assertThat(sender.counters().get(PortCounter.TX_REJECTED)).isEqualTo(1);
    }

    @Test
    void shouldNotSendStaleFramesWhenTheDeviceComesBack() {
        send(1, 60);
        rig.run("ip", "link", "set", rig.name("x"), "down");
        sender.flush();
        assertThat(sender.isUp()).isFalse();
        assertThat(sender.transmit(frame, OFFSET, 60)).isFalse();

        rig.run("ip", "link", "set", rig.name("x"), "up");
        maintainUntilUp();
        send(2, 60);
        sender.flush();
        receiveAll(1);

        assertThat(received).containsExactly("2:60");
        assertThat(sender.counters().get(PortCounter.TX_REJECTED)).isEqualTo(1);
    }

    @Test
    void shouldCountFramesThatFoundTheReceiveRingFull() {
        int sent = 0;
        while (sent < 1_000) {
            send(sent++, 60);
            sender.flush();
        }
        receiver.maintain();
        long missed = receiver.counters().get(PortCounter.RX_MISSED);
        receiveAll(1_000 - (int) missed);

        assertThat(missed).isBetween(1L, 999L);
        assertThat(FrameHandler.receive(receiver, 1, note)).isZero();
        assertThat(receiver.counters().get(PortCounter.RX_PACKETS)).isEqualTo(1_000 - missed);
    }

    @Test
    void shouldAllocateNothingInSteadyState() {
        FrameHandler ignore = (buffer, offset, length, timestamp) -> {};
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        write(1, 60);
        // at first there is the compiler's doing; steady is when a whole round has none
        await("a round without allocation", () -> {
            long before = threads.getCurrentThreadAllocatedBytes();
            forward(10_000, ignore);
            return threads.getCurrentThreadAllocatedBytes() == before;
        });
    }

    @Test
    void shouldSayWhichDeviceIsMissing() {
        assertThatThrownBy(() -> AfPacketPort.open(0, "wan", "sluice-absent", OPTIONS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("interface wan", "no device sluice-absent", "ip link");
    }

    private void forward(int count, FrameHandler handler) {
        for (int i = 0; i < count; i++) {
            sender.transmit(frame, OFFSET, 60);
            if (i % 4 == 3) {
                sender.flush();
                FrameHandler.receive(receiver, burst, handler);
            }
        }
    }

    private void send(int number, int length) {
        write(number, length);
        assertThat(sender.transmit(frame, OFFSET, length)).isTrue();
    }

    /** A frame of an experimental kind, so that nobody looks into it. */
    private void write(int number, int length) {
        frame.setMemory(0, frame.capacity(), (byte) 0);
        for (int i = 0; i < 6; i++) {
            frame.putByte(OFFSET + i, (byte) (receiver.macAddress() >> 40 - 8 * i));
            frame.putByte(OFFSET + 6 + i, (byte) (sender.macAddress() >> 40 - 8 * i));
        }
        frame.putShort(OFFSET + 12, Short.reverseBytes((short) 0x88B5));
        frame.putInt(OFFSET + HEADERS, number);
        frame.putByte(OFFSET + length - 1, (byte) 0x5A);
        VirtioNetHeader.clear(frame, OFFSET);
    }

    private void tcp(int length) {
        frame.putShort(OFFSET + 12, Short.reverseBytes((short) 0x0800));
        frame.putByte(OFFSET + 14, (byte) 0x45);
        frame.putShort(OFFSET + 16, Short.reverseBytes((short) (length - 14)));
        frame.putByte(OFFSET + 22, (byte) 64);
        frame.putByte(OFFSET + 23, (byte) 6);
        frame.putByte(OFFSET + 46, (byte) 0x50);
    }

    private void receiveAll(int count) {
        await(count + " frames", () -> {
            FrameHandler.receive(receiver, 64, note);
            return received.size() >= count;
        });
    }

    private void maintainUntilUp() {
        await("both ports to be up", () -> {
            sender.maintain();
            receiver.maintain();
            return sender.isUp() && receiver.isUp();
        });
        while (FrameHandler.receive(receiver, 64, (buffer, offset, length, timestamp) -> {}) > 0) {
            Thread.onSpinWait();
        }
    }
}
