package org.sluice.slowpath.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The journal's folder: a file that says whose and of which version it is, and a folder for each <em>generation</em>, numbered. A
 * generation begins with what was alive, and is never written again by another run. Any thread.
 */
public final class JournalFolder implements AutoCloseable {
    /** In it once everything alive is written down, so that no older generation is needed for a restart. */
    private static final String COMPLETE = "complete";
    private static final String MARKER = "FORMAT";
    private static final String MARK = "sluice journal ";
    private static final String LOCK = "lock";
    private static final String DATA = ".cq4";
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path path;
    private FileChannel lock;

    private JournalFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Takes the folder for writing; makes it when there is none.
     *
     * @throws IOException with a message that says what is wrong and what to do
     */
    static JournalFolder open(Path state) throws IOException {
        JournalFolder folder = new JournalFolder(state.resolve("journal"), null);
        folder.take();
        return folder;
    }

    private void take() throws IOException {
        try {
            // who spoke with whom is nobody else's business
            Files.createDirectories(path, PRIVATE);
            check(path);
            if (!Files.exists(path.resolve(MARKER))) {
                Files.writeString(path.resolve(MARKER), MARK + RecordLayout.VERSION + "\n");
            }
            lock = lock(path);
        } catch (AccessDeniedException e) {
            throw new IOException("%s may not be written by this user; give it to the user that the gateway runs as"
                    .formatted(e.getFile()), e);
        } catch (FileSystemException e) {
            throw new IOException("%s can't be written (%s); the state folder has to be on a disk with room that is not"
                    .formatted(e.getFile(), e.getReason() == null ? "it is no folder" : e.getReason())
                    + " mounted read-only", e);
        }
    }

    /** The same for reading only, while a gateway may be writing. */
    public static JournalFolder look(Path state) throws IOException {
        Path path = state.resolve("journal");
        if (!Files.isDirectory(path)) {
            throw new IOException("there is no journal in " + state + "; name the folder that \"state:\" names");
        }
        check(path);
        return new JournalFolder(path, null);
    }

    private static void check(Path path) throws IOException {
        Path marker = path.resolve(MARKER);
        if (Files.isRegularFile(marker)) {
            String mark = Files.readString(marker, StandardCharsets.ISO_8859_1).strip();
            if (mark.equals(MARK + RecordLayout.VERSION)) {
                return;
            }
            throw new IOException(mark.matches(MARK + "\\d+")
                    ? "%s is a journal of version %s, and this program writes version %d; move it away".formatted(path,
                            mark.substring(MARK.length()), RecordLayout.VERSION)
                    : "%s does not say what it should; the folder is another program's or damaged: move it away"
                            .formatted(marker));
        }
        try (Stream<Path> files = Files.list(path)) {
            if (files.findAny().isPresent()) {
                throw new IOException(path + " holds something that is no journal; move it away, or name another folder"
                        + " with \"state:\"");
            }
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // told below
        }
        channel.close();
        throw new IOException("another gateway writes to " + path + "; give each gateway a state folder of its own");
    }

    Path path() {
        return path;
    }

    /** One generation. */
    record Generation(Path path) {

        long number() {
            return Long.parseLong(path.getFileName().toString());
        }

        boolean isComplete() {
            return Files.exists(path.resolve(COMPLETE));
        }

        void complete() throws IOException {
            Files.write(path.resolve(COMPLETE), new byte[0]);
        }

        /** @return files with records, in order. */
        List<Path> files() throws IOException {
            try (Stream<Path> files = Files.list(path)) {
                return files.filter(f -> f.toString().endsWith(DATA)).sorted().toList();
            }
        }

        /** @return bytes on disk. */
        long size() throws IOException {
            try (Stream<Path> files = Files.list(path)) {
                long size = 0;
                for (Path file : files.toList()) {
                    size += Files.size(file);
                }
                return size;
            }
        }

        void delete() throws IOException {
            try (Stream<Path> files = Files.walk(path)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> {
                    try {
                        Files.delete(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }

    /** @return all, oldest first. */
    List<Generation> generations() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(f -> f.getFileName().toString().matches("\\d{10}") && Files.isDirectory(f)).sorted()
                    .map(Generation::new).toList();
        }
    }

    /** @return those that a restart needs, oldest first. */
    List<Generation> needed() throws IOException {
        List<Generation> all = generations();
        for (int i = all.size() - 1; i > 0; i--) {
            if (all.get(i).isComplete()) {
                return all.subList(i, all.size());
            }
        }
        return all;
    }

    /** Takes the folder anew where it is gone, as when its disk was changed for another. */
    void keep() throws IOException {
        if (!Files.exists(path.resolve(LOCK))) {
            close();
            take();
        }
    }

    /** @return a new one. */
    Generation begin() throws IOException {
        List<Generation> all = generations();
        long number = all.isEmpty() ? 1 : all.getLast().number() + 1;
        return new Generation(Files.createDirectory(path.resolve("%010d".formatted(number))));
    }

    /**
     * Removes the oldest until the rest is within the bound; one that a restart needs only when they take twice as much.
     *
     * @return bytes of the rest
     */
    long prune(long maxBytes) throws IOException {
        List<Generation> all = generations();
        int needed = needed().size();
        long size = 0;
        for (Generation generation : all) {
            size += generation.size();
        }
        for (int i = 0; i < all.size() - 1 && size > (i < all.size() - needed ? maxBytes : 2 * maxBytes); i++) {
            size -= all.get(i).size();
            all.get(i).delete();
        }
        return size;
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
