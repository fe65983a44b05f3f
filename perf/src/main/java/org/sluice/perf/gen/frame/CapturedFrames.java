package org.sluice.perf.gen.frame;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.capture.CaptureReader;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.wire.Ethernet;

/** The frames of a capture file, as they were captured, once or several times. They are all read before the first is sent. */
public final class CapturedFrames implements FrameSource {
    private final UnsafeBuffer buffer;
    private final int[] frames;
    private final int[] lengths;
    private final long[] times;
    private final long loops;
    private final int leftOut;
    private int next;

    /**
     * @param longest frame that can be sent, bytes; longer ones and those that were captured in part are left out
     * @param loops how often all of them are sent, from 1
     * @throws IOException when the file can't be read
     * @throws IllegalArgumentException when it has no frame to be sent
     */
    public CapturedFrames(Path file, int longest, long loops) throws IOException {
        this.loops = loops;
        List<byte[]> read = new ArrayList<>();
        List<Long> when = new ArrayList<>();
        CaptureReader reader = CaptureReader.open(file);
        int omitted = 0;
        long size = 0;
        while (reader.next()) {
            if (reader.isCut() || reader.length() > longest || reader.length() < Ethernet.HEADER_LENGTH) {
                omitted++;
            } else {
                read.add(reader.frame());
                when.add(reader.timestamp());
                size += stride(reader.length());
            }
        }
        if (read.isEmpty()) {
            throw new IllegalArgumentException(file + " has no frame to be sent" + (omitted == 0
                    ? ""
                    : "; " + omitted + " are longer than " + longest + " bytes or captured in part"));
        }
        leftOut = omitted;
        buffer = OffHeap.allocate(size);
        frames = new int[read.size()];
        lengths = new int[read.size()];
        times = when.stream().mapToLong(t -> t - when.getFirst()).toArray();
        int at = 0;
        for (int i = 0; i < frames.length; i++) {
            frames[i] = at + FrameTemplate.FRAME;
            lengths[i] = read.get(i).length;
            buffer.putBytes(frames[i], read.get(i));
            VirtioNetHeader.clear(buffer, frames[i]);
            at += stride(lengths[i]);
        }
    }

    private static int stride(int length) {
        return BitUtil.align(FrameTemplate.FRAME + length, Long.BYTES);
    }

    /** Gives all frames other Ethernet addresses, in the lower 48 bits. */
    public void address(long to, long from) {
        for (int frame : frames) {
            Ethernet.addresses(buffer, frame, to, from);
        }
    }

    /** @return frames of the file that are not sent. */
    public int leftOut() {
        return leftOut;
    }

    /** @return mean length in bytes, without check sequence. */
    public double mean() {
        return Arrays.stream(lengths).average().orElseThrow();
    }

    /** @return when a frame is due at the speed at which it was captured, nanoseconds. @param number from 0, over all loops */
    public long due(long number) {
        int last = frames.length - 1;
        // between the last and the first again there is a pause of the usual length
        long loop = times[last] + (last == 0 ? 0 : times[last] / last);
        return number / frames.length * loop + times[(int) (number % frames.length)];
    }

    @Override
    public void at(long elapsed, long clock) {}

    @Override
    public boolean transmit(Port port) {
        if (!port.transmit(buffer, frames[next], lengths[next])) {
            return false;
        }
        next = next + 1 == frames.length ? 0 : next + 1;
        return true;
    }

    @Override
    public long size() {
        return loops > Long.MAX_VALUE / frames.length ? Long.MAX_VALUE : loops * frames.length;
    }
}
