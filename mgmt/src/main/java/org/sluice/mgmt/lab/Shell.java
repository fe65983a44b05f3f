package org.sluice.mgmt.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands and waits for them. */
public final class Shell {
    /** Exit status of a command that isn't installed, as a shell's. */
    public static final int NOT_FOUND = 127;
    /** Exit status of a command that was ended because it took too long, as timeout(1)'s. */
    public static final int TIMED_OUT = 124;

    private static final int DEFAULT_SECONDS = 30;

    private Shell() {}

    /**
     * What came of a command.
     *
     * @param status exit status, {@link #NOT_FOUND} or {@link #TIMED_OUT}
     * @param output standard output and error, mixed as they came
     */
    public record Result(int status, String output) {

        /** @return whether the exit status is 0. */
        public boolean ok() {
            return status == 0;
        }
    }

    /** Runs a command that must succeed. @return what it printed. */
    public static String run(String... command) {
        Result result = attempt(DEFAULT_SECONDS, List.of(command));
        if (!result.ok()) {
            throw new LabException(
                    "%s ended with %d: %s".formatted(String.join(" ", command), result.status, result.output.strip()));
        }
        return result.output;
    }

    /** Runs a command that may fail. */
    public static Result attempt(String... command) {
        return attempt(DEFAULT_SECONDS, List.of(command));
    }

    /**
     * Runs a command that may fail.
     *
     * @param seconds after which it is killed, with what it started
     */
    public static Result attempt(int seconds, List<String> command) {
        Path output = null;
        try {
            // a file, not a pipe: a child of the command that lives on would hold the pipe open
            output = Files.createTempFile("sluice-lab", ".out");
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile()).start();
            int status = await(process, seconds);
            return new Result(status, Files.readString(output, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return new Result(NOT_FOUND, e.getMessage());
        } finally {
            delete(output);
        }
    }

    private static int await(Process process, int seconds) {
        try {
            if (process.waitFor(seconds, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            return TIMED_OUT;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting for a command", e);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // it is in the temporary directory, where it does no harm
        }
    }
}
