package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.session.Pptp;

/** Debian's pptpd, with its own control connections and GRE. */
final class PptpServer {
    private final Path calls;

    private PptpServer(Path calls) {
        this.calls = calls;
    }

    /** Starts one and waits until it listens. */
    static PptpServer start(Rig rig, Namespace host, String address) throws IOException {
        Path directory = rig.newDirectory("pptpd");
        rig.startServer(host, address, Pptp.PORT,
                Pptp.server(directory, address, Path.of(Tools.find("pptpctrl"))).toArray(String[]::new));
        return new PptpServer(directory.resolve("calls"));
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
