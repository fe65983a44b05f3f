package org.sluice.fastpath.trace;

import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.wire.Ethernet;

/**
 * Writes down what a worker decides about the frames that a filter picks. One thread writes and one reads; what the reader is too
 * slow for is lost and counted, so that a worker never waits. Allocates nothing after it was made.
 */
public final class FrameTracer {
    /** Bytes of a frame that are kept. */
    public static final int KEPT = 256;
    private static final int NONE = -1;
    private static final int CACHE_LINE = 64;
    private static final int IP = Ethernet.HEADER_LENGTH;

    private final TraceFilter filter;
    private final RingBuffer ring;
    private final AtomicLong lost = new AtomicLong();
    private final UnsafeBuffer before = new UnsafeBuffer(new byte[KEPT]);
    private long timestamp;
    private int in;
    private int length;
    private int l4;
    private int protocol;

    /** @param ringBytes a power of two */
    public FrameTracer(TraceFilter filter, int ringBytes) {
        this.filter = filter;
        // not OffHeap: it goes when nobody traces any more
        ring = new OneToOneRingBuffer(new UnsafeBuffer(BufferUtil
                .allocateDirectAligned(ringBytes + RingBufferDescriptor.TRAILER_LENGTH, CACHE_LINE)));
    }

    /** A frame is dealt with. Worker. @param port it came in through, or -1 */
    public void begin(int port, DirectBuffer b, int frame, int frameLength, long time) {
        timestamp = time;
        in = port;
        length = frameLength;
        l4 = NONE;
        before.putBytes(0, b, frame, kept(frameLength));
    }

    /** It holds a well-formed packet. Worker. @param offset of the transport header from the frame's beginning */
    public void packet(int offset, int of) {
        l4 = offset;
        protocol = of;
    }

    /** It left. Worker. @param frame offset of what it has become */
    public void forwarded(int flow, int out, DirectBuffer b, int frame, int outLength) {
        if (isPicked(before, 0, kept(length)) || isPicked(b, frame, outLength)) {
            write(FrameRecord.FORWARDED, flow, 0, out, b, frame, outLength);
        }
    }

    /** It went no further. Worker. @param out port that it should have left through, or -1 */
    public void dropped(DropReason reason, int flow, int out) {
        if (isPicked(before, 0, kept(length))) {
            write(FrameRecord.DROPPED, flow, reason.ordinal(), out, before, 0, 0);
        }
    }

    private boolean isPicked(DirectBuffer b, int frame, int available) {
        return l4 == NONE
                ? filter.isAll()
                : filter.matches(b, frame + IP, frame + l4, protocol, frame + available);
    }

    private void write(int type, int flow, int reason, int out, DirectBuffer b, int frame, int outLength) {
        int kept = kept(length);
        int outKept = kept(outLength);
        int index = ring.tryClaim(type, FrameRecord.FRAMES + kept + outKept);
        if (index < 0) {
            lost.lazySet(lost.get() + 1);
            return;
        }
        MutableDirectBuffer message = ring.buffer();
        message.putLong(index + FrameRecord.TIMESTAMP, timestamp);
        message.putInt(index + FrameRecord.FLOW, flow);
        message.putInt(index + FrameRecord.REASON, reason);
        message.putInt(index + FrameRecord.IN, in);
        message.putInt(index + FrameRecord.OUT, out);
        message.putInt(index + FrameRecord.LENGTH, length);
        message.putInt(index + FrameRecord.KEPT, kept);
        message.putInt(index + FrameRecord.OUT_LENGTH, outLength);
        message.putInt(index + FrameRecord.OUT_KEPT, outKept);
        message.putBytes(index + FrameRecord.FRAMES, before, 0, kept);
        message.putBytes(index + FrameRecord.FRAMES + kept, b, frame, outKept);
        ring.commit(index);
    }

    private static int kept(int length) {
        return Math.min(KEPT, length);
    }

    /** Takes what was written. Reader. @return how many records */
    public int read(MessageHandler handler, int limit) {
        return ring.read(handler, limit);
    }

    /** @return records that found no room. Any thread. */
    public long lost() {
        return lost.get();
    }
}
