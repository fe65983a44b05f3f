package org.sluice.perf.suite.stand;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Processor time as the kernel accounts for it, in ticks of 10 ms. */
public final class CpuTime {
    private static final long TICK_NANOS = 10_000_000;
    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    /** What follows it (stolen time, guests) is no work of this machine or counted already. */
    private static final int SOFTIRQ = 6;
    private static final int USER_TIME = 11;

    private CpuTime() {}

    /** @return nanoseconds that all cores together have worked since boot, interrupts included. */
    public static long ofMachine() {
        return ofMachine(read(Path.of("/proc/stat")));
    }

    /** @param stat proc(5) stat */
    static long ofMachine(String stat) {
        String[] words = stat.lines().findFirst().orElseThrow().split(" +");
        long ticks = 0;
        for (int i = 0; i <= SOFTIRQ; i++) {
            ticks += i == IDLE || i == IOWAIT ? 0 : Long.parseLong(words[i + 1]);
        }
        return ticks * TICK_NANOS;
    }

    /** @return nanoseconds that processes have worked, user and system; one that is gone counts nothing. */
    public static long of(List<ProcessHandle> processes) {
        return processes.stream().map(process -> Path.of("/proc", Long.toString(process.pid()), "stat"))
                .filter(Files::exists).mapToLong(path -> ofProcess(read(path))).sum();
    }

    /** @param stat proc(5) pid stat */
    static long ofProcess(String stat) {
        // the command's name, in parentheses, may hold blanks and parentheses itself
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Arrays.stream(words, USER_TIME, USER_TIME + 2).mapToLong(Long::parseLong).sum() * TICK_NANOS;
    }

    private static String read(Path path) {
        try {
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalStateException("can't read " + path + ": " + e.getMessage(), e);
        }
    }
}
