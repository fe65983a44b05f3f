package org.sluice.perf.suite.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * Where and when a run was made.
 *
 * @param date UTC
 * @param processor model
 * @param cores that the process may use
 * @param memory bytes
 * @param kernel release
 * @param java version of the runtime
 * @param sluice version
 * @param programs version of each rival's program, or what is missing
 * @param load average of one minute at the start
 * @param settings of the run
 */
public record Environment(Instant date, String processor, int cores, long memory, String kernel, String java,
        String sluice, Map<String, String> programs, double load, String settings) {
    /** Share of the cores from which on others are said to be at work. */
    private static final double BUSY = 0.25;

    /** @return this machine now. */
    public static Environment here(String sluice, Map<String, String> programs, String settings) {
        return new Environment(Instant.now().truncatedTo(ChronoUnit.SECONDS),
                field("/proc/cpuinfo", "model name", "unknown"), Runtime.getRuntime().availableProcessors(),
                Long.parseLong(field("/proc/meminfo", "MemTotal", "0").replace(" kB", "")) << 10,
                System.getProperty("os.version"), Runtime.version().toString(), sluice, programs,
                Double.parseDouble(read("/proc/loadavg").split(" ", 2)[0]), settings);
    }

    private static String field(String file, String name, String otherwise) {
        return read(file).lines().filter(line -> line.startsWith(name)).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(otherwise);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new IllegalStateException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    /** @return whether others were at work when the run began, so that its figures say little. */
    public boolean isBusy() {
        return load > BUSY * cores;
    }
}
