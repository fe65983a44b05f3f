package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.session.PppFrame;
import org.sluice.mgmt.lab.session.Pptp;

/** Debian's pptp, with its own control connection and GRE; the test is its pppd. */
final class PptpClient {
    private final Process process;
    private final Path received;
    private final OutputStream line;

    private PptpClient(Process process, Path received) {
        this.process = process;
        this.received = received;
        line = process.getOutputStream();
    }

    /** Dials. @param from own address. @param server as the client knows it */
    static PptpClient dial(Rig rig, Namespace host, String from, String server) throws IOException {
        Path work = rig.newDirectory("pptp");
        Path received = work.resolve("received");
        Process process = host.start(Pptp.client(work, Tools.find("pptp"), Tools.find("script"), server, from),
                received);
        return new PptpClient(process, received);
    }

    /** Sends a frame; to be called once the call stands, since before that the terminal may echo it. */
    void send(String text) {
        try {
            line.write(PppFrame.of(text));
            line.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a frame and waits until the server has sent it back. */
    void converse(String text) {
        send(text);
        awaitFrame(text);
    }

    /** Waits for a frame. */
    void awaitFrame(String text) {
        Rig.await("a frame with " + text.substring(0, Math.min(40, text.length())), () -> {
            assertThat(process.isAlive()).withFailMessage(() -> "pptp ended: " + received()).isTrue();
            return received().contains(text);
        });
    }

    /** @return everything that has come. */
    String received() {
        try {
            return Files.readString(received, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the call as a user does. */
    void hangUp() {
        process.destroy();
        Rig.await("pptp has ended", () -> !process.isAlive());
    }
}
