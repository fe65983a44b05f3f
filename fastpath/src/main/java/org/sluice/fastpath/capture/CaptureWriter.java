package org.sluice.fastpath.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.DirectBuffer;

/** Writes frames into a new pcap file, with nanoseconds. The file is complete after {@link #flush}. One thread. */
public final class CaptureWriter implements AutoCloseable {
    private static final int ROOM = 1 << 20;
    private static final int HEADER = 16;
    private static final short MAJOR = 2;
    private static final short MINOR = 4;
    private static final int LONGEST = 262_144;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(ROOM);

    /** Makes the file, or empties it. */
    public CaptureWriter(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        buffer.putInt(PcapReader.NANOSECONDS).putShort(MAJOR).putShort(MINOR).putLong(0).putInt(LONGEST)
                .putInt(CaptureReader.LINKTYPE_ETHERNET);
        flush();
    }

    /** @param nanos since 1970 */
    public void write(long nanos, DirectBuffer source, int offset, int length) throws IOException {
        if (buffer.remaining() < HEADER + length) {
            flush();
        }
        buffer.putInt((int) (nanos / CaptureReader.SECOND)).putInt((int) (nanos % CaptureReader.SECOND)).putInt(length)
                .putInt(length);
        source.getBytes(offset, buffer, length);
    }

    /** Hands what was written to the system. */
    public void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        flush();
        file.close();
    }
}
