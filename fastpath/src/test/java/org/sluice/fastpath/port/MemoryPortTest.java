package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MemoryPortTest {
    private static final int SLOTS = 4;
    private final MemoryPort port = new MemoryPort(0, "lan", 0x020000000001L, 1_500, SLOTS, 100);
    private final List<byte[]> received = new ArrayList<>();
    private final FrameHandler keep = (buffer, offset, length, timestamp) -> {
        byte[] frame = new byte[length];
        buffer.getBytes(offset, frame);
        received.add(frame);
    };

    @Test
    void shouldReceiveWhatWasOfferedInOrder() {
        assertThat(port.offer(frame(1, 60))).isTrue();
        assertThat(port.offer(frame(2, 100))).isTrue();

        assertThat(FrameHandler.receive(port, 10, keep)).isEqualTo(2);
        assertThat(received).containsExactly(frame(1, 60), frame(2, 100));
        assertThat(FrameHandler.receive(port, 10, keep)).isZero();
        assertThat(port.counters().get(PortCounter.RX_PACKETS)).isEqualTo(2);
        assertThat(port.counters().get(PortCounter.RX_BYTES)).isEqualTo(160);
    }

    @Test
    void shouldHandOverNoMoreThanTheLimit() {
        for (int i = 0; i < SLOTS; i++) {
            port.offer(frame(i, 60));
        }

        assertThat(FrameHandler.receive(port, 3, keep)).isEqualTo(3);
        assertThat(FrameHandler.receive(port, 3, keep)).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhatHasNoRoom() {
        for (int i = 0; i < SLOTS; i++) {
            assertThat(port.offer(frame(i, 60))).isTrue();
        }

        assertThat(port.offer(frame(9, 60))).isFalse();
        FrameHandler.receive(port, 1, keep);
        assertThat(port.offer(frame(9, 60))).isTrue();
        assertThat(port.offer(frame(9, 101))).isFalse();
    }

    @Test
    void shouldCarryTheVirtioNetHeaderBothWays() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[80]);
        buffer.putBytes(10, frame(7, 60));
        VirtioNetHeader.needsChecksum(buffer, 10, 34, 16);
        port.offer(buffer, 10, 60);

        FrameHandler.receive(port, 1, (frames, offset, length, timestamp) -> {
            assertThat(VirtioNetHeader.needsChecksum(frames, offset)).isTrue();
            assertThat(port.transmit(frames, offset, length)).isTrue();
        });

        assertThat(port.takeWithHeader()).hasSize(70).startsWith(1, 0, 0, 0, 0, 0, 34, 0, 16, 0).endsWith(frame(7, 60));
        assertThat(port.take()).isNull();
    }

    @Test
    void shouldClearTheHeaderOfAFrameOfferedWithoutOne() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[80]);
        for (int i = 0; i < SLOTS; i++) {
            VirtioNetHeader.needsChecksum(buffer, 10, 34, 16);
            port.offer(buffer, 10, 60);
        }
        FrameHandler.receive(port, SLOTS, keep);
        port.offer(frame(1, 60));

        FrameHandler.receive(port, 1, (frames, offset, length, timestamp) -> assertThat(
                VirtioNetHeader.flags(frames, offset)).isZero());
    }

    @Test
    void shouldCountFramesThatFindTheTransmitRingFull() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[80]);
        for (int i = 0; i < SLOTS; i++) {
            assertThat(port.transmit(buffer, 10, 60)).isTrue();
        }

        assertThat(port.transmit(buffer, 10, 60)).isFalse();
        assertThat(port.counters().get(PortCounter.TX_FULL)).isEqualTo(1);
        assertThat(port.counters().get(PortCounter.TX_PACKETS)).isEqualTo(SLOTS);
    }

    @Test
    void shouldTakeNothingWhileDown() {
        port.isUp(false);

        assertThat(port.transmit(new UnsafeBuffer(new byte[80]), 10, 60)).isFalse();
        assertThat(port.take()).isNull();
    }

    @Test
    void shouldReplayFramesAsTheyWereOffered() {
        port.offer(frame(1, 60));
        port.offer(frame(2, 100));
        port.offer(frame(3, 60));
        port.replay();
        FrameHandler keepAndSpoil = (buffer, offset, length, timestamp) -> {
            keep.onFrame(buffer, offset, length, timestamp);
            buffer.setMemory(offset - VirtioNetHeader.LENGTH, length + VirtioNetHeader.LENGTH, (byte) 0x55);
        };

        assertThat(FrameHandler.receive(port, 7, keepAndSpoil)).isEqualTo(7);
        assertThat(received).containsExactly(frame(1, 60), frame(2, 100), frame(3, 60), frame(1, 60), frame(2, 100),
                frame(3, 60), frame(1, 60));
    }

    @Test
    void shouldReplayOnlyWhatWaitsWhenOthersHavePassedBefore() {
        for (int i = 0; i < SLOTS - 1; i++) {
            port.offer(frame(i, 60));
        }
        FrameHandler.receive(port, SLOTS, keep);
        received.clear();
        // one in the last slot, two in the first ones
        port.offer(frame(101, 60));
        port.offer(frame(102, 60));
        port.offer(frame(103, 60));
        port.replay();

        assertThat(FrameHandler.receive(port, 4, keep)).isEqualTo(4);
        assertThat(received).containsExactly(frame(101, 60), frame(102, 60), frame(103, 60), frame(101, 60));
    }

    @Test
    void shouldReplayAFullRing() {
        for (int i = 0; i < SLOTS; i++) {
            port.offer(frame(i, 60));
        }
        port.replay();

        assertThat(FrameHandler.receive(port, 2 * SLOTS, keep)).isEqualTo(2 * SLOTS);
        assertThat(received.get(SLOTS)).isEqualTo(frame(0, 60));
    }

    @Test
    void shouldKeepTheFramesOfABurstUntilTheyAreReleased() {
        FrameBurst burst = new FrameBurst(2);
        for (int i = 0; i < SLOTS; i++) {
            port.offer(frame(i, 60));
        }

        assertThat(port.receive(burst)).isEqualTo(2);
        assertThat(port.offer(frame(9, 60))).isFalse();
        assertThat(burst.buffer(1).getByte(burst.frame(1))).isEqualTo((byte) 1);
        port.release();
        assertThat(port.offer(frame(9, 60))).isTrue();
        assertThat(port.receive(burst)).isEqualTo(2);
        assertThat(burst.buffer(0).getByte(burst.frame(0))).isEqualTo((byte) 2);
    }

    @Test
    void shouldOnlyCountWhenAskedTo() {
        port.countOnly();
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[80]);
        for (int i = 0; i < 3 * SLOTS; i++) {
            assertThat(port.transmit(buffer, 10, 60)).isTrue();
        }

        assertThat(port.counters().get(PortCounter.TX_PACKETS)).isEqualTo(3 * SLOTS);
        assertThat(port.take()).isNull();
    }

    private static byte[] frame(int first, int length) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (first + i);
        }
        return frame;
    }
}
