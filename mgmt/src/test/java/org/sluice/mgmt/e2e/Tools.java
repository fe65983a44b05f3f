package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where the programs are that the scenarios run: installed, or unpacked by packaging/bin/verify. */
final class Tools {
    private static final List<String> SYSTEM = List.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin",
            "/usr/lib/usrsctp");

    private Tools() {}

    /** @return the program's path; a program that isn't there fails the test. */
    static String find(String name) {
        for (Path directory : directories()) {
            Path program = directory.resolve(name);
            if (Files.isExecutable(program)) {
                return program.toString();
            }
        }
        return fail("the program %s is not on this machine; run packaging/bin/verify --tools-only, which installs it",
                name);
    }

    /** Fails the test unless it runs as root. */
    static void demandRoot() {
        try {
            if (Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .noneMatch(line -> line.matches("Uid:\\s+\\d+\\s+0\\s.*"))) {
                fail("the end-to-end tests make network namespaces and need root");
            }
        } catch (IOException e) {
            fail("can't read /proc/self/status", e);
        }
    }

    /** @return the checkout's topmost directory. */
    static Path checkout() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("packaging/jvm.options"))) {
            directory = directory.getParent();
            if (directory == null) {
                return fail("the tests have to run inside the checkout");
            }
        }
        return directory;
    }

    private static List<Path> directories() {
        List<Path> all = new ArrayList<>();
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of).forEach(all::add);
        SYSTEM.stream().map(Path::of).forEach(all::add);
        Path unpacked = checkout().resolve("packaging/target/debian");
        if (Files.isDirectory(unpacked)) {
            try (DirectoryStream<Path> packages = Files.newDirectoryStream(unpacked)) {
                for (Path one : packages) {
                    all.add(one.resolve("usr/sbin"));
                    all.add(one.resolve("usr/bin"));
                }
            } catch (IOException e) {
                fail("can't read " + unpacked, e);
            }
        }
        return all;
    }
}
