package org.sluice.perf.suite.stand;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sluice.mgmt.lab.Shell;

/** Other people's programs, found as a shell finds them. */
public final class Programs {
    private static final int VERSION_SECONDS = 10;

    private Programs() {}

    /** @return where a program is in the PATH. */
    public static Optional<Path> find(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty()).map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable).findFirst();
    }

    /** @return the first of the programs that is not there, as a reason not to use them; empty when all are. */
    public static String missing(String... names) {
        return Arrays.stream(names).filter(name -> find(name).isEmpty()).findFirst()
                .map(name -> "not installed: " + name).orElse("");
    }

    /** @return the first line that a program prints about its version, or that it is not installed. */
    public static String version(String name, String option) {
        if (find(name).isEmpty()) {
            return "not installed";
        }
        return Shell.attempt(VERSION_SECONDS, List.of(name, option)).output().lines()
                .filter(line -> line.matches(".*\\d+\\.\\d+.*")).findFirst().map(String::strip).orElse("unknown");
    }
}
