package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.sluice.mgmt.lab.Namespace;

/**
 * Debian's pptpd, with its own control connections and GRE. In the place of pppd, which would need PPP in the kernel, stands a
 * program that says the first word, as pppd does, and then sends every frame back.
 */
final class PptpServer {
    private static final int PORT = 1723;
    /** What pptpd starts a program by that was not installed, but unpacked. */
    private static final String WITH_OWN_PROGRAMS = """
            [ "$0" = /usr/sbin ] || mount -t overlay overlay -o lowerdir="$0":/usr/sbin /usr/sbin || exit
            exec "$@"
            """;

    private final Path calls;

    private PptpServer(Path calls) {
        this.calls = calls;
    }

    /** Starts one and waits until it listens. */
    static PptpServer start(Rig rig, Namespace host, String address) throws IOException {
        Path directory = rig.newDirectory("pptpd");
        Path calls = Files.createDirectory(directory.resolve("calls"));
        Path echo = directory.resolve("echo");
        Files.writeString(echo, """
                #!/bin/sh
                stty raw -echo
                printf '%s' >&0
                exec tee "%s/$$" >&0
                """.formatted(octal(PppFrame.of("greetings")), calls));
        Files.setPosixFilePermissions(echo, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path configuration = directory.resolve("pptpd.conf");
        Files.write(configuration, List.of("ppp " + echo, "option /dev/null", "delegate", "listen " + address,
                "pidfile " + directory.resolve("pid")));
        Path programs = Path.of(Tools.find("pptpctrl")).getParent();
        rig.startServer(host, address, PORT, "sh", "-c", WITH_OWN_PROGRAMS, programs.toString(), "/usr/sbin/pptpd",
                "--fg", "--conf", configuration.toString());
        return new PptpServer(calls);
    }

    private static String octal(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append("\\%03o".formatted(b & 0xFF));
        }
        return text.toString();
    }

    /** @return calls that there have been. */
    int calls() {
        try (Stream<Path> all = Files.list(calls)) {
            return (int) all.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** @return whether a frame with this text came, on any call. */
    boolean hasReceived(String text) {
        try (Stream<Path> all = Files.list(calls)) {
            for (Path call : all.toList()) {
                if (Files.readString(call, StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
