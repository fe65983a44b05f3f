package org.sluice.mgmt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/** How long each step of the start took, for whoever wonders what a restart cost. The first began with the process. One thread. */
final class StartTimes {
    /** Number of the field in proc_pid_stat(5): the time after boot, in ticks. */
    private static final int STARTED = 22;
    /** As programs are told them, whatever the kernel's own are. */
    private static final double TICKS_A_SECOND = 100;

    private final StringJoiner steps = new StringJoiner(", ");
    private final long begin;
    private long last;

    private StartTimes(long begin) {
        this.begin = begin;
        last = begin;
    }

    /** @return with the process's own start as their begin, or now where the system does not tell that. */
    static StartTimes ofProcess() {
        return new StartTimes(System.nanoTime() - age());
    }

    /**
     * Java's ProcessHandle goes by the time at which the system booted, which Linux tells in whole seconds.
     *
     * @return nanoseconds since this process began, to some hundredths of a second; 0 when that is not told
     */
    private static long age() {
        try {
            String uptime = Files.readString(Path.of("/proc/uptime"));
            String stat = Files.readString(Path.of("/proc/self/stat"));
            // the second field is the program's name in brackets, and may hold anything
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            double start = Long.parseLong(fields[STARTED - 3]) / TICKS_A_SECOND;
            double age = Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) - start;
            return Math.max(0, (long) (age * TimeUnit.SECONDS.toNanos(1)));
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    /** What was done since the step before, or since the begin, is called that. */
    void step(String name) {
        long now = System.nanoTime();
        steps.add("%s %s".formatted(name, seconds(now - last)));
        last = now;
    }

    /** @return from the begin to the last step, as {@code 1.4 s: program 0.5 s, ports 0.2 s}. */
    @Override
    public String toString() {
        return seconds(last - begin) + ": " + steps;
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f s", nanos / (double) TimeUnit.SECONDS.toNanos(1));
    }
}
