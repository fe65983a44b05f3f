package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.helper.JarMaker;
import org.sluice.slowpath.settings.HelperSettings;

/** Somebody's own helper comes and goes while traffic runs. */
class HelperLoadingTest {
    private final GatewayFixture gateway = new GatewayFixture();
    @TempDir
    private Path directory;
    private HelperSettings settings;

    @BeforeEach
    void makeJar() throws Exception {
        Path jar = new JarMaker(directory).make("rendezvous", "Rendezvous", JarMaker.RENDEZVOUS);
        settings = new HelperSettings(null, jar.toString(), List.of(), Map.of());
    }

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private <T> CompletableFuture<T> done(CompletableFuture<T> command) {
        gateway.run();
        assertThat(command).isDone();
        return command;
    }

    private byte[] fromClient(int flags, int sequence, String text) {
        return Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 7000, flags, sequence, 500, text);
    }

    private void connect() {
        gateway.fromInside(fromClient(Tcp.SYN, 99, ""));
        gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 7000, OUTSIDE, 5000, Tcp.SYN | Tcp.ACK, 499,
                100, ""));
        gateway.fromInside(fromClient(Tcp.ACK, 100, ""));
    }

    private List<String> callBack(int port) {
        return gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 9, OUTSIDE, port, Tcp.SYN, 1, 0, ""));
    }

    @Test
    void shouldReadNewConnectionsWithAHelperThatWasLoaded() {
        assertThat(done(gateway.slowPath.view().loadHelper(settings))).isCompletedWithValue("rendezvous");
        connect();
        gateway.fromInside(fromClient(Tcp.ACK | Tcp.PSH, 100, "LISTEN 4321\n"));

        assertThat(callBack(4321)).containsExactly("inside tcp 198.51.100.2:9 > 10.77.0.2:4321");
        assertThat(callBack(4322)).isEmpty();
    }

    @Test
    void shouldLetConnectionsGoOnUnreadWhenTheirHelperIsUnloaded() {
        done(gateway.slowPath.view().loadHelper(settings));
        connect();

        assertThat(done(gateway.slowPath.view().unloadHelper("rendezvous"))).isCompletedWithValue(true);

        assertThat(gateway.fromInside(fromClient(Tcp.ACK | Tcp.PSH, 100, "LISTEN 4321\n"))).hasSize(1);
        assertThat(callBack(4321)).isEmpty();
        assertThat(gateway.slowPath.view().unloadHelper("rendezvous")).satisfies(this::done)
                .isCompletedWithValue(false);
    }

    @Test
    void shouldRefuseASecondOneOfTheSameName() {
        done(gateway.slowPath.view().loadHelper(settings));

        CompletableFuture<String> second = done(gateway.slowPath.view().loadHelper(settings));

        assertThatThrownBy(second::join).hasMessageContaining("is active already");
        assertThatThrownBy(() -> gateway.slowPath.view()
                .loadHelper(new HelperSettings(null, "/nowhere.jar", List.of(), Map.of())))
                .hasMessageContaining("there is no file");
    }

    /** An exception in a helper costs nobody a packet. */
    @Test
    void shouldGoOnWhenTheHelperThrows() {
        done(gateway.slowPath.view().loadHelper(settings));
        connect();

        assertThat(gateway.fromInside(fromClient(Tcp.ACK | Tcp.PSH, 100, "LISTEN x\n"))).hasSize(1);
        assertThat(gateway.fromInside(fromClient(Tcp.ACK | Tcp.PSH, 109, "LISTEN 4321\n"))).hasSize(1);
        assertThat(gateway.meter("sluice_helper_events", "helper", "rendezvous", "event", "failed")).isEqualTo(1);
    }
}
