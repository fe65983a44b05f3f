package org.sluice.fastpath.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The newer format: blocks, of which sections, interfaces and packets matter here.
 * <pre>
 *   block:            type (4) | length of all (4) | body | length again (4)
 *   section:          byte order (4) | version (4) | length (8) | options
 *   interface:        link type (2) | unused (2) | longest (4) | options
 *   enhanced packet:  interface (4) | time, upper half (4) | lower half (4) | captured (4) | original length (4) | bytes
 *   simple packet:    original length (4) | bytes
 * </pre>
 */
final class PcapngReader extends CaptureReader {
    static final int MAGIC = 0x0A0D_0D0A;

    private static final int INTERFACE = 1;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER = 0x1A2B_3C4D;
    private static final int BODY = 8;
    private static final int OVERHEAD = 12;
    private static final int INTERFACE_OPTIONS = 8;
    private static final int LONGEST = 4;
    private static final int PACKET = 20;
    private static final int OPTION_HEADER = 4;
    private static final int OPTION_TIME_UNIT = 9;
    private static final int OPTION_TIME_OFFSET = 14;
    private static final int MICROSECONDS = 6;
    private static final int NANOSECONDS = 9;
    private static final int FINEST = 18;
    private static final int POWER_OF_TWO = 0x80;
    private static final int BITS = 30;

    /**
     * What a section says of one of its interfaces.
     *
     * @param longest bytes captured of a frame; 0 for no limit
     * @param unit of times, as the option has it
     * @param offset of times, seconds
     */
    private record Interface(int longest, int unit, long offset) {
        long nanos(long time) {
            int power = unit & ~POWER_OF_TWO;
            long nanos;
            if ((unit & POWER_OF_TWO) == 0) {
                long factor = 1;
                for (int i = Math.min(power, NANOSECONDS); i < Math.max(power, NANOSECONDS); i++) {
                    factor *= 10;
                }
                nanos = power <= NANOSECONDS ? time * factor : Long.divideUnsigned(time, factor);
            } else {
                long fraction = time & (1L << power) - 1;
                int bits = Math.min(power, BITS);
                nanos = (time >>> power) * SECOND + ((fraction >>> power - bits) * SECOND >>> bits);
            }
            return offset * SECOND + nanos;
        }
    }

    private final List<Interface> interfaces = new ArrayList<>();
    private int at;
    private long last;

    PcapngReader(Path path, ByteBuffer file) {
        super(path, file);
    }

    @Override
    public boolean next() throws IOException {
        while (at < file.limit()) {
            demand(file.limit() - at >= OVERHEAD, "ends in the midst of a block");
            if (file.getInt(at) == MAGIC) {
                beginSection();
            }
            int type = file.getInt(at);
            int length = file.getInt(at + 4);
            demand(length >= OVERHEAD && length % 4 == 0 && length <= file.limit() - at,
                    "is damaged or ends in the midst of a block");
            int body = at + BODY;
            int end = at + length - 4;
            at += length;
            switch (type) {
                case INTERFACE -> addInterface(body, end);
                case ENHANCED_PACKET -> {
                    enhanced(body, end);
                    return true;
                }
                case SIMPLE_PACKET -> {
                    simple(body, end);
                    return true;
                }
                default -> {
                    // statistics, names and the like
                }
            }
        }
        return false;
    }

    private void beginSection() throws IOException {
        file.order(ByteOrder.BIG_ENDIAN);
        if (file.getInt(at + BODY) != BYTE_ORDER) {
            file.order(ByteOrder.LITTLE_ENDIAN);
            demand(file.getInt(at + BODY) == BYTE_ORDER, "has a section of no known byte order");
        }
        interfaces.clear();
    }

    private void addInterface(int body, int end) throws IOException {
        demand(end - body >= INTERFACE_OPTIONS, "has a damaged interface");
        demandEthernet(file.getShort(body) & 0xFFFF);
        int unit = MICROSECONDS;
        long offset = 0;
        int option = body + INTERFACE_OPTIONS;
        while (end - option >= OPTION_HEADER) {
            int code = file.getShort(option);
            int length = file.getShort(option + 2) & 0xFFFF;
            int value = option + OPTION_HEADER;
            demand(length <= end - value, "has a damaged interface");
            if (code == OPTION_TIME_UNIT && length == 1) {
                unit = file.get(value) & 0xFF;
            } else if (code == OPTION_TIME_OFFSET && length == Long.BYTES) {
                offset = file.getLong(value);
            }
            option = value + (length + 3 & ~3);
        }
        demand((unit & POWER_OF_TWO) == 0 ? unit <= FINEST : (unit & ~POWER_OF_TWO) < Long.SIZE,
                "has times of a unit that can't be");
        interfaces.add(new Interface(file.getInt(body + LONGEST), unit, offset));
    }

    private void enhanced(int body, int end) throws IOException {
        demand(end - body >= PACKET, "has a damaged packet");
        int number = file.getInt(body);
        demand(number >= 0 && number < interfaces.size(), "has a packet of an unknown interface");
        long time = (long) file.getInt(body + 4) << Integer.SIZE | file.getInt(body + 8) & 0xFFFF_FFFFL;
        int captured = file.getInt(body + 12);
        demand(captured >= 0 && captured <= end - body - PACKET, "has a damaged packet");
        last = interfaces.get(number).nanos(time);
        found(last, body + PACKET, captured, file.getInt(body + 16));
    }

    /** Has no time; that of the packet before is as good as any. */
    private void simple(int body, int end) throws IOException {
        demand(end - body >= 4 && !interfaces.isEmpty(), "has a damaged packet");
        int original = file.getInt(body);
        int longest = interfaces.getFirst().longest;
        int captured = longest == 0 ? original : Math.min(original, longest);
        demand(captured >= 0 && captured <= end - body - 4, "has a damaged packet");
        found(last, body + 4, captured, original);
    }
}
