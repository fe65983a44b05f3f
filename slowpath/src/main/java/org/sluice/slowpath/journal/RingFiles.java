package org.sluice.slowpath.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The memory between conductor and writer is a file of a memory file system: what the conductor has put there outlives a process that is
 * killed, without a system call or a disk. Each run makes a file of its own and removes the older ones once their rest is in it.
 */
final class RingFiles {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int ZEROS = 1 << 20;

    private final Path folder;
    private final String prefix;

    /** @param journal folder whose ring it is */
    RingFiles(Path journal) throws IOException {
        this(SHARED_MEMORY, journal);
    }

    RingFiles(Path folder, Path journal) throws IOException {
        this.folder = folder;
        prefix = "sluice-journal-%016x.".formatted(hash(journal.toRealPath().toString()));
    }

    /** FNV-1a: only tells folders apart. */
    private static long hash(String text) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }

    /** @return those of earlier runs, oldest first; others' are none of ours. */
    List<Path> left() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        List<Path> left = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> number(f) >= 0).sorted(Comparator.comparingLong(this::number))
                    .toList()) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(self)) {
                    left.add(file);
                }
            }
        }
        return left;
    }

    private long number(Path file) {
        String name = file.getFileName().toString();
        if (!name.startsWith(prefix) || !name.substring(prefix.length()).matches("\\d{1,18}")) {
            return -1;
        }
        return Long.parseLong(name.substring(prefix.length()));
    }

    /** @return a new one, empty; all of its memory is there, so that touching it can't fail later. */
    UnsafeBuffer create(int bytes) throws IOException {
        List<Path> left = left();
        long next = left.isEmpty() ? 1 : number(left.getLast()) + 1;
        Path file = folder.resolve(prefix + next);
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE), PRIVATE)) {
            for (long at = 0; at < bytes;) {
                at += channel.write(ByteBuffer.allocate((int) Math.min(ZEROS, bytes - at)));
            }
            return new UnsafeBuffer(channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes));
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** @return the records in a ring that nobody has taken out, oldest first; whole ones only. */
    static List<byte[]> rest(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int capacity = bytes.length - RingBufferDescriptor.TRAILER_LENGTH;
        if (capacity < RecordLayout.HEADER || Integer.bitCount(capacity) != 1) {
            return List.of();
        }
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        long head = b.getLong(capacity + RingBufferDescriptor.HEAD_POSITION_OFFSET);
        long tail = b.getLong(capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET);
        List<byte[]> records = new ArrayList<>();
        if (head < 0 || tail < head || tail - head > capacity) {
            return records;
        }
        long at = head;
        while (at < tail) {
            at += take(b, bytes, (int) (at & capacity - 1), capacity, records);
        }
        return records;
    }

    /** Layout of a message in Agrona's rings: length with its header of 8 bytes, type, content; aligned to 8. */
    private static long take(ByteBuffer b, byte[] bytes, int at, int capacity, List<byte[]> records) {
        int length = b.getInt(at);
        // being written, or already taken out and wiped when the process ended
        if (length <= Long.BYTES || length > capacity - at) {
            return Long.BYTES;
        }
        if (b.getInt(at + Integer.BYTES) > 0) {
            byte[] record = new byte[length - Long.BYTES];
            System.arraycopy(bytes, at + Long.BYTES, record, 0, record.length);
            UnsafeBuffer r = new UnsafeBuffer(record);
            if (record.length >= RecordLayout.HEADER && RecordLayout.isMarked(r, 0)
                    && RecordLayout.length(r, 0) == record.length) {
                records.add(record);
            }
        }
        return length + Long.BYTES - 1L & -Long.BYTES;
    }
}
