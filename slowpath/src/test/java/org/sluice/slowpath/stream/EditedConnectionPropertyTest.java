package org.sluice.slowpath.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Two hosts talk through an edited connection over channels that lose, repeat, delay and overtake. */
class EditedConnectionPropertyTest {
    private static final int RUNS = 600;
    private static final int MAX_HELD = 300;
    private static final long MILLISECOND = 1_000_000;
    private static final long LIMIT = 900_000 * MILLISECOND;

    @Test
    void shouldBringEveryByteOfBothStreamsAsEditedWhateverTheChannelsDo() {
        int edits = 0;
        int skips = 0;
        for (int run = 0; run < RUNS; run++) {
            long seed = 0x51_1CEL + run;
            Run r = new Run(seed);
            try {
                r.go();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", " + r.hosts, e);
            }
            edits += r.editor.edits();
            skips += r.editor.skips();
        }
        assertThat(edits).as("edits made").isGreaterThan(10 * RUNS);
        assertThat(skips).as("messages passed on unread").isGreaterThan(RUNS / 10);
    }

    /** Something that happens. */
    private record Event(long time, long order, Runnable action) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            return time != other.time ? Long.compare(time, other.time) : Long.compare(order, other.order);
        }
    }

    /** One conversation on a clock of its own. */
    private static final class Run {
        private final Random random;
        private final double loss;
        private final double copies;
        private final long jitter;
        private final PriorityQueue<Event> events = new PriorityQueue<>();
        private final List<ModelHost> hosts = new ArrayList<>();
        private final LineEditor editor;
        private final EditedConnection connection;
        private long now = 1;
        private long order;

        Run(long seed) {
            random = new Random(seed);
            loss = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.25;
            copies = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.2;
            jitter = 1L + random.nextInt(random.nextInt(4) == 0 ? 1500 : 60);
            byte[][] streams = {stream(), stream()};
            double detach = random.nextInt(4) == 0 ? 0.05 : 0;
            editor = new LineEditor(streams, random, detach);
            connection = new EditedConnection(editor, MAX_HELD, 1500);
            editor.reads(connection);
            for (int d = 0; d < 2; d++) {
                int direction = d;
                hosts.add(new ModelHost(d, streams[d], random,
                        s -> travel(s, at -> connection.onSegment(direction, at.packet(), 0, at.tcp(),
                                at.packet().capacity(), now, this::sendOn))));
            }
        }

        private void sendOn(int direction, org.agrona.DirectBuffer packet, int ip, int length) {
            travel(Segment.read(packet, ip, length), s -> hosts.get(direction ^ 1).onSegment(s, now));
        }

        private void travel(Segment segment, Consumer<Segment> to) {
            if (random.nextDouble() >= loss) {
                at(1 + random.nextLong(jitter), () -> to.accept(segment));
            }
            if (random.nextDouble() < copies) {
                at(1 + random.nextLong(2 * jitter), () -> to.accept(segment));
            }
        }

        private void at(long milliseconds, Runnable action) {
            events.add(new Event(now + milliseconds * MILLISECOND, order++, action));
        }

        private void tick() {
            hosts.forEach(h -> h.tick(now));
            if (now - connection.deadline() >= 0) {
                connection.onTimer(now, this::sendOn);
            }
            at(40, this::tick);
        }

        void go() {
            tick();
            while (!hosts.stream().allMatch(ModelHost::isDone)) {
                assertThat(now).as("time until all was said").isLessThan(LIMIT);
                Event next = events.remove();
                now = next.time;
                next.action.run();
            }
            for (int d = 0; d < 2; d++) {
                assertThat(text(hosts.get(d ^ 1).received())).as("what host %d has received", d ^ 1)
                        .isEqualTo(text(editor.expected(d)));
            }
        }

        private static String text(byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        /** Lines of all kinds; now and then one that is too long to be held, or no end of line at the end. */
        private byte[] stream() {
            StringBuilder text = new StringBuilder();
            int lines = random.nextInt(60);
            for (int i = 0; i < lines; i++) {
                text.append("+-=0abc".charAt(random.nextInt(7)));
                int length = random.nextInt(random.nextInt(15) == 0 ? 2 * MAX_HELD : 60);
                for (int c = 0; c < length; c++) {
                    text.append((char) ('A' + random.nextInt(26)));
                }
                text.append(i < lines - 1 || random.nextBoolean() ? "\n" : "");
            }
            return text.toString().getBytes(StandardCharsets.ISO_8859_1);
        }
    }
}
