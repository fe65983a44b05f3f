package org.sluice.perf.gen.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.UndoLog;
import org.sluice.perf.gen.Attachment;
import org.sluice.perf.gen.load.Endpoints;
import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.Protocol;
import org.sluice.perf.gen.load.Rate;

/** Both ends over a pair of veth devices. Needs root. */
@Timeout(120)
class ConnectionGeneratorIT {
    private static final int COUNT = 20_000;
    private static final int WINDOW = 100;
    private static final String DEVICE = "e0";

    private final UndoLog undo = UndoLog.open();
    private final String suffix = Long.toString(ProcessHandle.current().pid(), 36);
    private final Namespace client = Namespace.make("sluice-con-c" + suffix, undo);
    private final Namespace server = Namespace.make("sluice-con-s" + suffix, undo);

    @BeforeEach
    void join() {
        client.run("ip", "link", "add", DEVICE, "type", "veth", "peer", "name", DEVICE, "netns", server.name());
        client.run("ip", "link", "set", DEVICE, "up");
        server.run("ip", "link", "set", DEVICE, "up");
    }

    @AfterEach
    void cleanUp() {
        undo.close();
    }

    private ConnectionGenerator open() {
        return open(DEVICE);
    }

    private ConnectionGenerator open(String device) {
        return ConnectionGenerator.open(Attachment.of(device).in(client.name()),
                Attachment.of(DEVICE).in(server.name()));
    }

    private long serverMac() {
        return Ethernet.parseAddress(server.run("cat", "/sys/class/net/" + DEVICE + "/address").strip());
    }

    private static Load load(Protocol protocol) {
        return Load.between(Endpoints.parse("198.18.0.1", Load.UNPRIVILEGED),
                Endpoints.parse("198.19.0.1", Load.DISCARD)).stamped(false).shuffled(true).protocol(protocol)
                .count(COUNT).duration(Duration.ofSeconds(60));
    }

    @Test
    void shouldEstablishAndCloseEachConnectionOnce() {
        try (ConnectionGenerator generator = open()) {
            ConnectionResult result = generator.run(new ConnectionLoad(load(Protocol.TCP), WINDOW, true), serverMac());

            assertThat(result.opened()).isEqualTo(COUNT);
            assertThat(result.established()).as(result.toString()).isEqualTo(COUNT);
            assertThat(result.closed()).isEqualTo(COUNT);
            assertThat(result.lossRatio()).isZero();
            assertThat(result.establishedRate()).isEqualTo(result.closedRate()).isPositive();
        }
    }

    @Test
    void shouldOpenAtARateWithoutWaiting() {
        Load paced = load(Protocol.TCP).rate(Rate.packets(20_000));
        try (ConnectionGenerator generator = open()) {
            ConnectionResult result = generator.run(new ConnectionLoad(paced, ConnectionLoad.UNBOUNDED, false),
                    serverMac());

            assertThat(result.established()).as(result.toString()).isEqualTo(COUNT);
            assertThat(result.closed()).isZero();
            // a sender that is held up may send less, never more
            assertThat(result.establishedRate()).isLessThan(21_000);
        }
    }

    @Test
    void shouldHaveDatagramsAnswered() {
        try (ConnectionGenerator generator = open()) {
            ConnectionResult result = generator.run(new ConnectionLoad(load(Protocol.UDP), WINDOW, false),
                    serverMac());

            assertThat(result.established()).as(result.toString()).isEqualTo(COUNT);
        }
    }

    @Test
    void shouldGiveUpWhatIsNotAnswered() {
        client.run("ip", "link", "add", "nowhere", "type", "veth", "peer", "name", "end");
        client.run("ip", "link", "set", "nowhere", "up");
        client.run("ip", "link", "set", "end", "up");
        try (ConnectionGenerator generator = open("nowhere")) {
            ConnectionResult result = generator.run(new ConnectionLoad(load(Protocol.TCP).count(WINDOW), WINDOW, true),
                    serverMac());

            assertThat(result.opened()).isEqualTo(WINDOW);
            assertThat(result.established()).isZero();
            assertThat(result.lossRatio()).isOne();
        }
    }
}
