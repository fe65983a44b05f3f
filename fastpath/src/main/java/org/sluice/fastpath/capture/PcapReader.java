package org.sluice.fastpath.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The older format.
 * <pre>
 *   file:    magic (4) | version (4) | unused (8) | longest (4) | link type (4)
 *   frame:   seconds (4) | micro- or nanoseconds (4) | captured (4) | original length (4) | bytes
 * </pre>
 */
final class PcapReader extends CaptureReader {
    static final int MICROSECONDS = 0xA1B2_C3D4;
    static final int NANOSECONDS = 0xA1B2_3C4D;

    private static final int LINK_TYPE = 20;
    private static final int FILE_HEADER = 24;
    private static final int FRACTION = 4;
    private static final int CAPTURED = 8;
    private static final int ORIGINAL = 12;
    private static final int FRAME_HEADER = 16;
    private static final long NANOS_OF_MICRO = 1_000;
    /** The bits above say whether frames end with a check sequence. */
    private static final int LINK_TYPE_MASK = 0xFFFF;

    private final long unit;
    private int at = FILE_HEADER;

    PcapReader(Path path, ByteBuffer file) throws IOException {
        super(path, file);
        demand(file.limit() >= FILE_HEADER, "ends in the midst of its header");
        demandEthernet(file.getInt(LINK_TYPE) & LINK_TYPE_MASK);
        unit = file.getInt(0) == MICROSECONDS ? NANOS_OF_MICRO : 1;
    }

    @Override
    public boolean next() throws IOException {
        if (at == file.limit()) {
            return false;
        }
        demand(file.limit() - at >= FRAME_HEADER, "ends in the midst of a frame");
        long seconds = file.getInt(at) & 0xFFFF_FFFFL;
        long fraction = file.getInt(at + FRACTION) & 0xFFFF_FFFFL;
        int captured = file.getInt(at + CAPTURED);
        found(seconds * SECOND + fraction * unit, at + FRAME_HEADER, captured, file.getInt(at + ORIGINAL));
        at += FRAME_HEADER + captured;
        return true;
    }
}
