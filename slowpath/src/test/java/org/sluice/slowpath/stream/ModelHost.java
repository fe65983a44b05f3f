package org.sluice.slowpath.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.sluice.fastpath.wire.Tcp;

/**
 * A plain TCP endpoint (RFC 9293) with SACK (RFC 2018) that says all it has, then FIN. It cuts anew whatever it repeats, never repeats
 * what was selectively acknowledged, and checks that nobody acknowledges what it has not sent. Offsets count from the SYN, which is 0;
 * the first data byte is 1, FIN is {@code length + 1}.
 */
final class ModelHost {
    private static final long FIRST_TIMEOUT = 200_000_000L;
    private static final long LAST_TIMEOUT = 1_600_000_000L;
    private static final int SUPER_FRAME = 3;

    private final int direction;
    private final Random random;
    private final Consumer<Segment> wire;
    private final byte[] stream;
    private final boolean[] sacked;
    private final int initialSequence;
    private final int mss;
    private final int window;
    private final boolean timestamps;
    private final boolean sack;
    private int written;
    private int next;
    private int unacknowledged;
    private int duplicates;
    private int peerMss = 536;
    private int peerWindow = 536;
    private int ticks;
    private long timeout = FIRST_TIMEOUT;
    private long sentAt;

    private boolean connected;
    private int peerInitial;
    private int expected;
    private final byte[] got = new byte[1 << 17];
    private final boolean[] have = new boolean[1 << 17];
    private int finAt = Integer.MAX_VALUE;

    ModelHost(int direction, byte[] stream, Random random, Consumer<Segment> wire) {
        this.direction = direction;
        this.stream = stream;
        this.random = random;
        this.wire = wire;
        sacked = new boolean[stream.length + 2];
        initialSequence = random.nextInt(3) == 0 ? -random.nextInt(3000) : random.nextInt();
        mss = 64 + random.nextInt(1400);
        window = 600 + random.nextInt(random.nextBoolean() ? 2000 : 60000);
        timestamps = random.nextBoolean();
        sack = random.nextInt(4) > 0;
    }

    /** Time passes: the application may write, what was not acknowledged in time is repeated. */
    void tick(long now) {
        ticks++;
        if (written < stream.length && random.nextInt(4) == 0) {
            written = Math.min(stream.length, written + 1 + random.nextInt(600));
        }
        if (direction == 0 || connected) {
            if (next == 0) {
                transmit(0, 0, now);
            }
            push(now);
            if (unacknowledged < next && now - sentAt > timeout) {
                timeout = Math.min(LAST_TIMEOUT, 2 * timeout);
                repeat(now);
            }
        }
        if (connected && unacknowledged > 0 && random.nextInt(100) == 0) {
            // keep-alive (RFC 9293 3.8.4)
            emit(Tcp.ACK, unacknowledged - 1, new byte[0]);
        }
    }

    private void push(long now) {
        while (unacknowledged > 0 && connected && next <= written && next - unacknowledged < peerWindow) {
            int room = Math.min(written + 1 - next, peerWindow - (next - unacknowledged));
            if (room == 0) {
                break;
            }
            transmit(next, Math.min(room, 1 + random.nextInt(SUPER_FRAME * peerMss)), now);
        }
        if (connected && unacknowledged > 0 && written == stream.length && next == stream.length + 1) {
            transmit(next, 0, now);
        }
    }

    private void repeat(long now) {
        int chunks = 1 + random.nextInt(3);
        int at = unacknowledged;
        for (int i = 0; i < chunks && at < next; i++) {
            while (at < next && sacked[at]) {
                at++;
            }
            if (at == next) {
                return;
            }
            int end = Math.min(next, at + 1 + random.nextInt(2 * peerMss));
            int to = at + 1;
            while (at > 0 && to < end && to <= stream.length && !sacked[to]) {
                to++;
            }
            transmit(at, Math.min(to, stream.length + 1) - at, now);
            at = to;
        }
    }

    /** Sends what begins at an offset: SYN, data (with FIN when it reaches the end) or FIN. */
    private void transmit(int from, int length, long now) {
        sentAt = now;
        if (from == 0) {
            next = Math.max(next, 1);
            emit(Tcp.SYN | (connected ? Tcp.ACK : 0), 0, new byte[0]);
            return;
        }
        byte[] data = Arrays.copyOfRange(stream, from - 1, from - 1 + length);
        int end = from + length;
        boolean fin = end == stream.length + 1 && written == stream.length
                && (length == 0 || next > end || random.nextBoolean());
        next = Math.max(next, end + (fin ? 1 : 0));
        emit(Tcp.ACK | (fin ? Tcp.FIN : 0) | (random.nextBoolean() ? Tcp.PSH : 0), from, data);
    }

    private void emit(int flags, int offset, byte[] data) {
        ByteArrayOutputStream options = new ByteArrayOutputStream();
        if ((flags & Tcp.SYN) != 0) {
            options.writeBytes(Segment.mssOption(mss));
        }
        if (timestamps) {
            options.writeBytes(Segment.timestampOption(ticks));
        }
        List<Segment.Block> blocks = blocks();
        if (sack && !blocks.isEmpty()) {
            options.writeBytes(Segment.sackOption(blocks));
        }
        wire.accept(Segment.make(direction, flags, initialSequence + offset, connected ? peerInitial + expected : 0,
                window, options.toByteArray(), data));
    }

    private List<Segment.Block> blocks() {
        List<Segment.Block> blocks = new ArrayList<>();
        for (int at = expected; at < expected + window && blocks.size() < 3; at++) {
            if (have[at]) {
                int right = at;
                while (have[right]) {
                    right++;
                }
                blocks.add(new Segment.Block(peerInitial + at, peerInitial + right));
                at = right;
            }
        }
        return blocks;
    }

    void onSegment(Segment s, long now) {
        if (s.has(Tcp.SYN)) {
            assertThat(connected && s.sequence() != peerInitial).as("another SYN").isFalse();
            if (!connected) {
                connected = true;
                peerInitial = s.sequence();
                expected = 1;
                have[0] = true;
                peerMss = 536;
                readMss(s);
            }
        }
        if (!connected) {
            return;
        }
        if (s.has(Tcp.ACK)) {
            onAcknowledgement(s, now);
        }
        onData(s);
        push(now);
    }

    private void readMss(Segment s) {
        byte[] header = new byte[4];
        s.packet().getBytes(40, header);
        peerMss = (header[2] & 0xFF) << 8 | header[3] & 0xFF;
    }

    private void onAcknowledgement(Segment s, long now) {
        int acknowledged = s.acknowledgement() - initialSequence;
        assertThat(acknowledged).as("acknowledged to host %d", direction).isLessThanOrEqualTo(next);
        peerWindow = s.window();
        for (Segment.Block block : s.sack()) {
            int left = block.left() - initialSequence;
            int right = block.right() - initialSequence;
            assertThat(left).isLessThan(right);
            assertThat(right).as("selectively acknowledged to host %d", direction).isLessThanOrEqualTo(next);
            for (int i = Math.max(left, 0); i < right; i++) {
                sacked[i] = true;
            }
        }
        if (acknowledged > unacknowledged) {
            unacknowledged = acknowledged;
            duplicates = 0;
            timeout = FIRST_TIMEOUT;
            sentAt = now;
        } else if (acknowledged == unacknowledged && unacknowledged < next && ++duplicates == 3) {
            repeat(now);
        }
    }

    private void onData(Segment s) {
        byte[] data = s.payload();
        int offset = s.sequence() - peerInitial;
        assertThat(data.length).as("segment for a receiver whose MSS is %d", mss).isLessThanOrEqualTo(mss);
        for (int i = 0; i < data.length; i++) {
            int at = offset + i;
            if (at >= expected && at < expected + window) {
                if (have[at]) {
                    assertThat(data[i]).as("byte %d repeated to host %d", at - 1, direction).isEqualTo(got[at]);
                }
                have[at] = true;
                got[at] = data[i];
            }
        }
        if (s.has(Tcp.FIN)) {
            int at = offset + data.length;
            assertThat(finAt == Integer.MAX_VALUE || finAt == at).as("two places of FIN").isTrue();
            finAt = at;
            have[at] = true;
        }
        while (have[expected]) {
            expected++;
        }
        boolean says = data.length > 0 || s.has(Tcp.FIN) || s.has(Tcp.SYN) || offset < expected;
        if (says) {
            if (direction == 1 && s.has(Tcp.SYN) && next <= 1 && unacknowledged == 0) {
                next = 1;
                emit(Tcp.SYN | Tcp.ACK, 0, new byte[0]);
            } else {
                emit(Tcp.ACK, next, new byte[0]);
            }
        }
    }

    /** @return whether all it has to say was acknowledged, and the other side's FIN has come. */
    boolean isDone() {
        return unacknowledged == stream.length + 2 && finAt < expected;
    }

    byte[] received() {
        return Arrays.copyOfRange(got, 1, Math.min(expected, finAt));
    }

    @Override
    public String toString() {
        return "host " + direction + " written " + written + " of " + stream.length + ", next " + next
                + ", unacknowledged " + unacknowledged + ", expected " + expected + ", FIN at " + finAt;
    }
}
