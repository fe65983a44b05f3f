package org.sluice.fastpath.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.agrona.MutableDirectBuffer;

/**
 * Reads a capture file, pcap (draft-ietf-opsawg-pcap) or pcapng (draft-ietf-opsawg-pcapng), of either byte order, frame by frame. The file is
 * mapped, so its size costs no memory of the heap. One thread.
 */
public abstract sealed class CaptureReader permits PcapReader, PcapngReader {
    static final int LINKTYPE_ETHERNET = 1;
    static final long SECOND = 1_000_000_000L;
    private static final int MAGIC_LENGTH = 4;

    final ByteBuffer file;
    private final Path path;
    private long timestamp;
    private int frame;
    private int length;
    private int originalLength;
    private int count;

    CaptureReader(Path path, ByteBuffer file) {
        this.path = path;
        this.file = file;
    }

    /** @throws IOException when it can't be read, or is no capture file */
    public static CaptureReader open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            if (channel.size() < MAGIC_LENGTH || channel.size() > Integer.MAX_VALUE) {
                throw new IOException(path + " is not a capture file of up to 2 GiB");
            }
            ByteBuffer file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return switch (file.getInt(0)) {
                case PcapngReader.MAGIC -> new PcapngReader(path, file);
                case PcapReader.MICROSECONDS, PcapReader.NANOSECONDS -> new PcapReader(path, file);
                default -> {
                    file.order(ByteOrder.LITTLE_ENDIAN);
                    int magic = file.getInt(0);
                    if (magic != PcapReader.MICROSECONDS && magic != PcapReader.NANOSECONDS) {
                        throw new IOException(path + " is neither a pcap nor a pcapng file");
                    }
                    yield new PcapReader(path, file);
                }
            };
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + path, e);
        }
    }

    /**
     * Goes to the next frame, which the accessors then tell.
     *
     * @return false at the end
     * @throws IOException when the file is damaged, ends in the midst of a frame, or has frames of another link than Ethernet
     */
    public abstract boolean next() throws IOException;

    /** @return when it was captured, nanoseconds since 1970. */
    public final long timestamp() {
        return timestamp;
    }

    /** @return bytes of it that were captured, from the Ethernet header on. */
    public final int length() {
        return length;
    }

    /** @return bytes that it had. */
    public final int originalLength() {
        return originalLength;
    }

    /** @return whether the capture has only its beginning. */
    public final boolean isCut() {
        return length < originalLength;
    }

    /** @return a copy of the captured bytes. */
    public final byte[] frame() {
        byte[] bytes = new byte[length];
        file.get(frame, bytes);
        return bytes;
    }

    /** Copies the captured bytes. */
    public final void copyTo(MutableDirectBuffer buffer, int offset) {
        buffer.putBytes(offset, file, frame, length);
    }

    final void found(long nanos, int at, int captured, int original) throws IOException {
        demand(captured >= 0 && captured <= file.limit() - at, "ends in the midst of a frame");
        timestamp = nanos;
        frame = at;
        length = captured;
        originalLength = original;
        count++;
    }

    final void demandEthernet(int linkType) throws IOException {
        demand(linkType == LINKTYPE_ETHERNET,
                "has frames of link type " + linkType + "; only Ethernet (" + LINKTYPE_ETHERNET + ") is understood");
    }

    final void demand(boolean isSo, String otherwise) throws IOException {
        if (!isSo) {
            throw new IOException(path + " " + otherwise + ", after " + count + " frames");
        }
    }
}
