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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.helper.HeapWatch;
import org.sluice.slowpath.helper.JarMaker;
import org.sluice.slowpath.settings.HelperSettings;
import org.sluice.slowpath.view.HelperView;
import org.sluice.slowpath.view.Meter;

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

    /** Who watches a counter, by its name, sees that it goes on. */
    @Test
    void shouldGoOnCountingWhenAHelperIsLoadedAnew() {
        done(gateway.slowPath.view().loadHelper(settings));
        connect();
        Meter sessions = gateway.slowPath.view().meters().stream()
                .filter(m -> m.labels().equals(Map.of("helper", "rendezvous", "event", "session"))).findFirst()
                .orElseThrow();
        assertThat(sessions.value().getAsDouble()).isEqualTo(1);

        done(gateway.slowPath.view().unloadHelper("rendezvous"));
        done(gateway.slowPath.view().loadHelper(settings));
        gateway.fromInside(
                Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5001, SERVER, 7000, Tcp.SYN, 99, 0, ""));

        assertThat(sessions.value().getAsDouble()).isEqualTo(2);
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

    static Stream<Arguments> harm() {
        return Stream.of(Arguments.of("while (true) { }", "steps"),
                Arguments.of("while (true) { try { while (true) { } } catch (Throwable e) { } }", "steps"),
                Arguments.of("try { while (true) { } } catch (Throwable e) { return length; }", "steps"),
                Arguments.of("java.util.List<byte[]> all = new java.util.ArrayList<>();"
                        + " while (true) { all.add(new byte[1000]); }", "bytes"),
                Arguments.of("\"x\".repeat(Integer.MAX_VALUE).repeat(2); return 0;", "memory"),
                Arguments.of("while (true) { control.expect(from, Peer.ANYONE, Transport.TCP, new Endpoint("
                        + "control.endpointOf(from).address(), 4321)); }", ""));
    }

    /** A Java thread can't be stopped, so the helper's own code stops itself. */
    @ParameterizedTest
    @MethodSource("harm")
    void shouldSwitchOffAHelperThatLoopsOrEatsMemory(String harm, String reason) throws Exception {
        Path jar = new JarMaker(directory).make("harmful", "Rendezvous",
                JarMaker.RENDEZVOUS.replace("String text = b.", "if (b.getByte(offset) == '!') { " + harm
                        + " }\nString text = b."));
        done(gateway.slowPath.view().loadHelper(new HelperSettings(null, jar.toString(), List.of(), Map.of())));
        connect();

        assertThat(gateway.fromInside(fromClient(Tcp.ACK | Tcp.PSH, 100, "!\n"))).as("its text passes").hasSize(1);
        assertThat(gateway.fromInside(fromClient(Tcp.ACK | Tcp.PSH, 102, "LISTEN 4322\n"))).as("unread").hasSize(1);
        assertThat(callBack(4322)).isEmpty();
        HelperView view = done(gateway.slowPath.view().helpers()).join().stream()
                .filter(h -> h.name().equals("rendezvous")).findFirst().orElseThrow();
        assertThat(view.problem()).contains(reason).contains("onBytes");
        assertThat(view.events()).containsEntry("switched_off", 1L);

        done(gateway.slowPath.view().unloadHelper("rendezvous"));
        assertThat(done(gateway.slowPath.view().loadHelper(settings))).as("mended").isCompletedWithValue("rendezvous");
    }

    private static long inUse() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** A little at each call is within every call's budget. */
    @Test
    void shouldSwitchOffTheGreediestHelperWhenTheHeapStaysFull() throws Exception {
        Path jar = new JarMaker(directory).make("hoard", "Rendezvous",
                JarMaker.RENDEZVOUS.replace("\"rendezvous\", 7000", "\"hoard\", 7000")
                        .replace("public HelperSpec",
                                "static java.util.List<byte[]> all = new java.util.ArrayList<>();\n"
                                        + "public HelperSpec")
                        .replace("String text = b.", "all.add(new byte[10 << 20]);\nString text = b."));
        done(gateway.slowPath.view().loadHelper(new HelperSettings(null, jar.toString(), List.of(), Map.of())));
        done(gateway.slowPath.view()
                .loadHelper(new HelperSettings(null, settings.jar(), List.of(7001), Map.of())));
        long before = inUse();
        connect();
        for (int i = 0; i < 20; i++) {
            assertThat(gateway.fromInside(fromClient(Tcp.ACK | Tcp.PSH, 100 + i, "x"))).hasSize(1);
        }
        assertThat(inUse()).isGreaterThan(before + (150 << 20));

        fillHeap(2, 1_000_000);
        assertThat(problem("hoard")).as("before it is sure").isEmpty();
        fillHeap(3, 2_000_000);
        assertThat(problem("hoard")).contains("memory is used up").contains(" MiB");
        assertThat(problem("rendezvous")).isEmpty();
        assertThat(inUse()).as("what it kept is gone").isLessThan(before + (50 << 20));
        assertThat(gateway.fromInside(fromClient(Tcp.ACK | Tcp.PSH, 120, "unread"))).hasSize(1);
    }

    /** Without a look at the true heap between two collections, which the conductor takes now and then, and by which all is well. */
    private void fillHeap(int collections, long first) {
        for (int i = 0; i < collections; i++) {
            gateway.slowPath.helpers().onHeap(new HeapWatch.Reading(first + i, 900), 1_000);
        }
    }

    private String problem(String helper) {
        return done(gateway.slowPath.view().helpers()).join().stream().filter(h -> h.name().equals(helper)).findFirst()
                .orElseThrow().problem();
    }

    @Test
    void shouldSeeWhatACollectionLeaves() {
        long collection = HeapWatch.PROCESS.last().collection();
        while (HeapWatch.PROCESS.last().collection() == collection) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(HeapWatch.PROCESS.last().inUse()).isPositive().isLessThan(Runtime.getRuntime().maxMemory());
    }
}
