package org.sluice.slowpath.trace;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.trace.FrameRecord;
import org.sluice.fastpath.trace.FrameTracer;
import org.sluice.fastpath.trace.TraceFilter;
import org.sluice.slowpath.view.TraceFeed;
import org.sluice.slowpath.view.TraceView;
import org.sluice.slowpath.view.TraceView.Hop;
import org.sluice.slowpath.view.TraceView.Sent;

/**
 * One trace: what workers and conductor put into it, and its reader takes out in words. Bounded; when it is full, what comes is lost
 * and counted.
 */
final class Trace implements TraceFeed {
    private static final int STORIES = 1024;
    private static final int RING_BYTES = 1 << 20;
    private static final int LIMIT = 256;
    private static final long SECOND = 1_000_000_000L;
    private static final DropReason[] DROPS = DropReason.values();

    private final TraceFilter filter;
    private final IntFunction<String> ports;
    private final Runnable onClose;
    private final FrameTracer[] frames;
    private final OneToOneConcurrentArrayQueue<Story> stories = new OneToOneConcurrentArrayQueue<>(STORIES);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicLong lost = new AtomicLong();
    /** The conductor's, and the reader's. */
    private final PacketText conductorText = new PacketText();
    private final PacketText text = new PacketText();
    private final List<Timed> taken = new ArrayList<>();
    private final MessageHandler handler = this::onFrame;

    /** A packet, and when it came. */
    private record Timed(long timestamp, TraceView view) {}

    /** @param workers that write. @param ports names of the interfaces by index. @param onClose disarms it */
    Trace(TraceFilter filter, int workers, IntFunction<String> ports, Runnable onClose) {
        this.filter = filter;
        this.ports = ports;
        this.onClose = onClose;
        frames = new FrameTracer[workers];
        Arrays.setAll(frames, i -> new FrameTracer(filter, RING_BYTES));
    }

    TraceFilter filter() {
        return filter;
    }

    FrameTracer frames(int worker) {
        return frames[worker];
    }

    String port(int index) {
        return ports.apply(index);
    }

    /** Conductor. */
    String text(Kept frame) {
        return conductorText.of(frame.bytes());
    }

    /** Conductor. */
    void tell(Story story) {
        if (!stories.offer(story)) {
            lost.lazySet(lost.get() + 1);
        }
    }

    @Override
    public List<TraceView> poll() {
        taken.clear();
        for (FrameTracer worker : frames) {
            worker.read(handler, LIMIT);
        }
        for (int i = 0; i < LIMIT; i++) {
            Story story = stories.poll();
            if (story == null) {
                break;
            }
            taken.add(new Timed(story.timestamp, view(story.timestamp, story.received, story.hops,
                    story.sent.stream().map(this::sent).toList(), story.verdict, story.reason)));
        }
        taken.sort(Comparator.comparingLong(Timed::timestamp));
        return taken.stream().map(Timed::view).toList();
    }

    private TraceView view(long timestamp, Kept received, List<Hop> hops, List<Sent> sent, String verdict,
            String reason) {
        return new TraceView(Instant.ofEpochSecond(timestamp / SECOND, timestamp % SECOND).toString(),
                received.port() < 0 ? "" : port(received.port()), text.of(received.bytes()), received.length(),
                HexFormat.of().formatHex(received.bytes()), List.copyOf(hops), sent, verdict, reason);
    }

    private Sent sent(Kept frame) {
        return new Sent(port(frame.port()), text.of(frame.bytes()), frame.length(),
                HexFormat.of().formatHex(frame.bytes()));
    }

    private void onFrame(int type, MutableDirectBuffer b, int index, int length) {
        long timestamp = b.getLong(index + FrameRecord.TIMESTAMP);
        int out = b.getInt(index + FrameRecord.OUT);
        int flow = b.getInt(index + FrameRecord.FLOW);
        int kept = b.getInt(index + FrameRecord.KEPT);
        byte[] before = new byte[kept];
        b.getBytes(index + FrameRecord.FRAMES, before);
        Kept received = new Kept(b.getInt(index + FrameRecord.IN), b.getInt(index + FrameRecord.LENGTH), before);
        List<Hop> hops = new ArrayList<>();
        if (flow != 0) {
            hops.add(new Hop("flow", Tracer.name(flow) + ", decided when it began"));
        }
        if (type == FrameRecord.DROPPED) {
            DropReason reason = DROPS[b.getInt(index + FrameRecord.REASON)];
            hops.add(new Hop("worker", "drops it" + (out < 0 ? "" : " on its way out by " + port(out))));
            hops.add(new Hop("drop", reason.label() + ": " + reason.meaning()));
            taken.add(new Timed(timestamp,
                    view(timestamp, received, hops, List.of(), "dropped", reason.label())));
            return;
        }
        byte[] after = new byte[b.getInt(index + FrameRecord.OUT_KEPT)];
        b.getBytes(index + FrameRecord.FRAMES + kept, after);
        Sent sent = sent(new Kept(out, b.getInt(index + FrameRecord.OUT_LENGTH), after));
        hops.add(new Hop("worker", "forwards it by what the flow's record says"));
        hops.add(new Hop("send", "by " + sent.out() + ": " + sent.packet()));
        taken.add(new Timed(timestamp, view(timestamp, received, hops, List.of(sent), "forwarded", "")));
    }

    @Override
    public long lost() {
        return lost.get() + Arrays.stream(frames).mapToLong(FrameTracer::lost).sum();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.run();
        }
    }
}
