package org.sluice.fastpath.port;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.capture.CaptureReader;
import org.sluice.fastpath.capture.CaptureWriter;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.linux.TimerDescriptor;
import org.sluice.fastpath.wire.AddressAnswer;
import org.sluice.fastpath.wire.Ethernet;

/**
 * A link that was captured: the frames of a file come in at their times, and what the gateway sends is written into another file. The port
 * plays the other hosts of the link, as far as the capture leaves that open: whoever the gateway asks for answers, with an address
 * made up, and what a frame of the capture is addressed to by Ethernet becomes the gateway, whose address is not the one captured.
 *
 * <p>Of several workers the first one reads; all write, one after the other.
 */
public final class PcapPort extends DevicePort {
    /** A super-frame with its Ethernet header. */
    private static final int LONGEST = (1 << 16) + 64;
    private static final int FRAME = 64;
    private static final int SLOTS = 64;
    private static final int CACHE_LINE = 64;
    private static final int STRIDE = BitUtil.align(FRAME + LONGEST, CACHE_LINE);
    /** Answers that wait to be received. Questions are the conductor's, whose frames are sent between bursts, not while one is held. */
    private static final int ANSWERS = 64;
    private static final int ANSWER_STRIDE = 128;
    private static final int ANSWER_FRAME = VirtioNetHeader.LENGTH_ALIGNED;

    private final ReplayClock clock;
    private final Output output;
    private final TimerDescriptor timer = new TimerDescriptor();
    private final NativeBuffer slots = OffHeap.allocate((long) SLOTS * STRIDE);
    private final NativeBuffer sent = OffHeap.allocate(STRIDE);
    private final NativeBuffer answers = OffHeap.allocate(ANSWERS * ANSWER_STRIDE);
    private final int[] answerLengths = new int[ANSWERS];
    private final String description;
    private int answerCount;
    /** What comes in; null for a port that only sends, or at the end. */
    private CaptureReader input;
    private boolean isTimerSet;
    private boolean isClosed;

    private PcapPort(int index, String name, Path file, CaptureReader input, Output output, ReplayClock clock,
            int mtu, String description) {
        super(index, name, file.toString(), null);
        this.input = input;
        this.output = output;
        this.clock = clock;
        this.description = description;
        macAddress(madeUpAddress(file.toString()));
        mtu(mtu);
        isUp(true);
    }

    /** The file that all workers write. */
    private static final class Output implements AutoCloseable {
        private final CaptureWriter writer;

        Output(Path file) throws IOException {
            writer = new CaptureWriter(file);
        }

        synchronized void write(long nanos, DirectBuffer frame, int offset, int length) throws IOException {
            writer.write(nanos, frame, offset, length);
        }

        synchronized void flush() throws IOException {
            writer.flush();
        }

        @Override
        public synchronized void close() throws IOException {
            writer.close();
        }
    }

    /**
     * @param index position in the gateway's list of ports
     * @param name of the interface in the configuration
     * @param file pcap or pcapng; where there is none, nothing comes in
     * @param mtu of the link, bytes
     * @param clock of all captures that are replayed together
     * @return one port for each worker
     * @throws IOException when the file is not whole, or the other one can't be written
     */
    public static List<PcapPort> open(int index, String name, Path file, int mtu, int workers, ReplayClock clock)
            throws IOException {
        CaptureReader input = null;
        String found = "no file " + file + ", so nothing comes in";
        if (Files.exists(file)) {
            long frames = check(file, clock);
            input = CaptureReader.open(file);
            if (!input.next()) {
                input = null;
            }
            found = frames + " frames";
        }
        Path written = output(file);
        Output output = new Output(written);
        List<PcapPort> ports = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            ports.add(new PcapPort(index, name, file, worker == 0 ? input : null, output, clock, mtu,
                    "replay, " + found + "; what is sent goes to " + written));
        }
        return ports;
    }

    /** Better now than in the midst of it. @return how many frames there are */
    private static long check(Path file, ReplayClock clock) throws IOException {
        CaptureReader reader = CaptureReader.open(file);
        long frames = 0;
        while (reader.next()) {
            clock.covers(reader.timestamp());
            frames++;
        }
        return frames;
    }

    /** @return where the frames go that are sent: in.pcap, in.pcapng and in have in.out.pcap. */
    public static Path output(Path file) {
        String name = file.getFileName().toString().replaceFirst("\\.(pcap|pcapng|cap)$", "");
        return file.resolveSibling(name + ".out.pcap");
    }

    @Override
    public int receive(FrameBurst burst) {
        burst.clear();
        if (input == null && answerCount == 0 && isTimerSet) {
            return 0;
        }
        clock.start();
        long now = clock.now();
        long packets = 0;
        long bytes = 0;
        for (int i = 0; i < answerCount && !burst.isFull(); i++) {
            burst.add(answers, i * ANSWER_STRIDE + ANSWER_FRAME, answerLengths[i], 0);
            packets++;
            bytes += answerLengths[i];
        }
        answerCount = 0;
        for (int slot = 0; slot < SLOTS && !burst.isFull() && input != null && input.timestamp() <= now;) {
            packets++;
            bytes += input.length();
            if (input.isCut() || input.length() > LONGEST || input.length() < Ethernet.HEADER_LENGTH) {
                counters.increment(PortCounter.RX_TRUNCATED);
            } else {
                int frame = slot * STRIDE + FRAME;
                take(frame);
                burst.add(slots, frame, input.length(), 0);
                slot++;
            }
            advance();
        }
        if (packets > 0) {
            counters.add(PortCounter.RX_PACKETS, packets);
            counters.add(PortCounter.RX_BYTES, bytes);
        }
        setTimer(burst.size() == 0, now);
        return burst.size();
    }

    private void take(int frame) {
        input.copyTo(slots, frame);
        long to = Ethernet.destination(slots, frame);
        if (!Ethernet.isGroup(to)) {
            Ethernet.addresses(slots, frame, macAddress(), Ethernet.source(slots, frame));
        }
        SoftwareChecksum.find(slots, frame, input.length());
    }

    private void advance() {
        try {
            if (!input.next()) {
                input = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the file was whole when the port was opened", e);
        }
    }

    /** Wakes the worker for the next frame, once for each. */
    private void setTimer(boolean isIdle, long now) {
        if (!isIdle) {
            isTimerSet = false;
        } else if (!isTimerSet) {
            isTimerSet = true;
            if (input == null) {
                timer.off();
            } else {
                timer.in(input.timestamp() - now);
            }
        }
    }

    /** The next call of {@link #receive} writes over them. */
    @Override
    public void release() {}

    @Override
    boolean transmit(DirectBuffer buffer, int offset, int length, boolean originated) {
        if (!isUp() || length > LONGEST) {
            return false;
        }
        sent.putBytes(FRAME - VirtioNetHeader.LENGTH, buffer, offset - VirtioNetHeader.LENGTH,
                length + VirtioNetHeader.LENGTH);
        SoftwareChecksum.complete(sent, FRAME, length);
        try {
            output.write(clock.now(), sent, FRAME, length);
            sent(length, originated);
        } catch (IOException e) {
            // the disk is full, for instance
            isUp(false);
            rejected(originated);
        }
        answer(length);
        return true;
    }

    private void answer(int length) {
        if (answerCount < ANSWERS && AddressAnswer.isQuestion(sent, FRAME, length)) {
            int at = answerCount * ANSWER_STRIDE;
            answers.setMemory(at, ANSWER_STRIDE, (byte) 0);
            // another address than the gateway's own
            answerLengths[answerCount] = AddressAnswer.write(answers, at + ANSWER_FRAME, sent, FRAME, macAddress() ^ 1);
            answerCount++;
            timer.in(0);
            isTimerSet = false;
        }
    }

    @Override
    public void flush() {
        try {
            output.flush();
        } catch (IOException e) {
            // counted frame by frame; these were written as far as there was room
            isUp(false);
        }
    }

    @Override
    public void maintain() {}

    @Override
    public String description() {
        return description;
    }

    @Override
    public int[] fileDescriptors() {
        return new int[]{timer.descriptor()};
    }

    @Override
    public void wakesOwner(boolean value) {}

    @Override
    public void close() {
        isUp(false);
        if (!isClosed) {
            isClosed = true;
            CloseHelper.quietCloseAll(timer, output);
        }
    }
}
