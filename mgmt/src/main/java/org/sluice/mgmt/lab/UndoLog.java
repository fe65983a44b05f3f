package org.sluice.mgmt.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What a lab made, written down before it is made, so that it can be undone: by the lab itself, or by a later one when the
 * process was killed. One file for each lab, a line for each thing:
 *
 * <pre>
 * owner PID START
 * netns NAME
 * link NAME
 * process PID START
 * directory PATH
 * keep PATH
 * </pre>
 *
 * "keep" takes "directory" back: what it holds tells what went wrong.
 *
 * START is the process's start time in clock ticks since boot: with it a process that got the PID later is told apart and left
 * alone. Any thread may call.
 */
public final class UndoLog implements AutoCloseable {
    private static final Path DIRECTORY = Path.of("/run/sluice/lab");
    private static final String SUFFIX = ".undo";
    private static final String KEEP = "keep ";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int STAT_START = 19;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Path file;
    private boolean closed;

    private UndoLog(Path file) {
        this.file = file;
    }

    /** Opens a log for this process, after undoing what dead processes left. */
    public static UndoLog open() {
        try {
            Files.createDirectories(DIRECTORY);
            undoLeftovers(DIRECTORY);
            long pid = ProcessHandle.current().pid();
            UndoLog log = new UndoLog(DIRECTORY.resolve(pid + "-" + NUMBER.incrementAndGet() + SUFFIX));
            Files.deleteIfExists(log.file);
            log.write("owner " + pid + " " + startTime(pid));
            return log;
        } catch (IOException e) {
            throw new LabException("can't keep the lab's state in " + DIRECTORY + ": " + e.getMessage(), e);
        }
    }

    /** A network namespace is about to be made. */
    public void namespace(String name) {
        write("netns " + name);
    }

    /** A network device is about to be made. */
    public void link(String name) {
        write("link " + name);
    }

    /** A process was started. */
    public void process(Process process) {
        write("process " + process.pid() + " " + startTime(process.pid()));
    }

    /** A directory is about to be made, to be deleted with all that is in it. */
    public void directory(Path path) {
        write("directory " + path);
    }

    /** A directory that was to be deleted stays. */
    public void keep(Path path) {
        write(KEEP + path);
    }

    private synchronized void write(String line) {
        if (closed) {
            throw new LabException("the lab is ending");
        }
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new LabException("can't write " + file + ": " + e.getMessage(), e);
        }
    }

    /** Undoes everything, the latest first. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            undo(file);
        }
    }

    /** Undoes the logs in a directory whose owner is no longer alive. */
    static void undoLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path log : logs) {
                List<String> lines = read(log);
                if (!lines.isEmpty() && !ownerLives(lines.getFirst())) {
                    undo(log);
                }
            }
        }
    }

    private static boolean ownerLives(String line) {
        String[] words = line.split(" ");
        return words.length != 3 || !words[0].equals("owner") || isSame(words[1], words[2]);
    }

    /** Several may undo the same log at the same time: what is gone already is no error. */
    private static void undo(Path log) {
        List<String> lines = read(log);
        List<ProcessHandle> ending = new ArrayList<>();
        for (String line : lines.reversed()) {
            String[] words = line.split(" ", 2);
            if (words[0].equals("process")) {
                // some take seconds to end, so that all are told before the first is waited for
                ending.addAll(end(words[1].split(" ")));
                continue;
            }
            awaitEnd(ending);
            switch (words[0]) {
                case "netns" -> Shell.attempt("ip", "netns", "del", words[1]);
                case "link" -> Shell.attempt("ip", "link", "del", words[1]);
                case "directory" -> {
                    if (!lines.contains(KEEP + words[1])) {
                        deleteTree(Path.of(words[1]));
                    }
                }
                default -> {
                }
            }
        }
        awaitEnd(ending);
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            // the next lab finds it and tries again
        }
    }

    /** @return what has been told to end: the process and those that it has started */
    private static List<ProcessHandle> end(String[] process) {
        if (process.length != 2 || !isSame(process[0], process[1])) {
            return List.of();
        }
        List<ProcessHandle> family = new ArrayList<>();
        ProcessHandle.of(Long.parseLong(process[0])).ifPresent(handle -> {
            family.add(handle);
            family.addAll(handle.descendants().toList());
        });
        family.forEach(ProcessHandle::destroy);
        return family;
    }

    /** Ends by force what takes too long, and empties the list. */
    private static void awaitEnd(List<ProcessHandle> ending) {
        long deadline = System.nanoTime() + GRACE_NANOS;
        while (ending.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        ending.forEach(ProcessHandle::destroyForcibly);
        ending.clear();
    }

    private static boolean isSame(String pid, String start) {
        return Long.toString(startTime(Long.parseLong(pid))).equals(start);
    }

    /** @return ticks since boot at which a process started, from proc(5) stat; -1 when there is no such process. */
    static long startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // the command's name, in parentheses, may hold blanks and parentheses itself
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[STAT_START]);
        } catch (IOException e) {
            return -1;
        }
    }

    private static List<String> read(Path log) {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            // another lab that starts at this moment was quicker to undo it
            return List.of();
        }
    }

    private static void deleteTree(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    return delete(file);
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException e) {
                    return delete(visited);
                }
            });
        } catch (IOException e) {
            // it is in the temporary directory, where it does no harm
        }
    }

    private static FileVisitResult delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // a process that is still ending wrote into it; the rest is deleted all the same
        }
        return FileVisitResult.CONTINUE;
    }
}
