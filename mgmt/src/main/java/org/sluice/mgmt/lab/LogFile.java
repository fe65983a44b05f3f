package org.sluice.mgmt.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a running program prints, line by line.
 *
 * @param path of the file
 */
public record LogFile(Path path) {
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Waits until a program has printed a line. */
    public void await(String line, Process process) {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (!lines().contains(line)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new LabException("a host's program did not start:\n" + String.join("\n", lines()));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** @return what follows a prefix in the latest line that has it, or an empty string. */
    public String latest(String prefix) {
        return lines().reversed().stream().filter(line -> line.startsWith(prefix)).findFirst()
                .map(line -> line.substring(prefix.length())).orElse("");
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new LabException("can't read " + path + ": " + e.getMessage(), e);
        }
    }
}
