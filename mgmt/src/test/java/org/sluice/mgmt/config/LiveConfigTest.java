package org.sluice.mgmt.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.mgmt.MemoryGateway;

/** A running gateway is given other configurations. */
class LiveConfigTest {
    private static final String WHOLE = MemoryGateway.CONFIG;
    @TempDir
    private Path directory;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("sluice.yaml");
        Files.writeString(file, WHOLE);
    }

    @Test
    void shouldPutAnotherConfigurationInForce() throws Exception {
        try (MemoryGateway gateway = new MemoryGateway()) {
            LiveConfig live = new LiveConfig(file, gateway.config(), gateway.view());
            Files.writeString(file, WHOLE.replace("helpers: [ftp]", "helpers: [irc]")
                    + "routes: [{to: 203.0.113.0/24, via: 198.51.100.9}]\n");

            assertThat(live.reload(false).warnings()).isEmpty();

            assertThat(gateway.view().routes().join()).anyMatch(r -> r.to().equals("203.0.113.0/24"));
            assertThat(gateway.view().helpers().join()).extracting("name").containsExactly("irc");
            assertThat(live.current().gateway().helpers()).extracting("name").containsExactly("irc");
        }
    }

    @Test
    void shouldChangeNothingWhenTheFileIsWrong() throws Exception {
        try (MemoryGateway gateway = new MemoryGateway()) {
            LiveConfig live = new LiveConfig(file, gateway.config(), gateway.view());
            Files.writeString(file, WHOLE.replace("masquerade", "masqerade"));

            assertThatThrownBy(() -> live.reload(false)).isInstanceOf(ConfigException.class);

            assertThat(live.current()).isSameAs(gateway.config());
            assertThat(gateway.view().helpers().join()).extracting("name").containsExactly("ftp");
        }
    }

    @Test
    void shouldTakeOtherAddresses() throws Exception {
        try (MemoryGateway gateway = new MemoryGateway()) {
            LiveConfig live = new LiveConfig(file, gateway.config(), gateway.view());
            Files.writeString(file, WHOLE.replace("10.77.0.1/24", "10.77.0.3/24"));

            assertThat(live.reload(false).ended()).isZero();

            assertThat(gateway.view().interfaces().join()).anyMatch(i -> i.addresses().contains("10.77.0.3/24"));
        }
    }

    private void awaitHelpers(MemoryGateway gateway, String name) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!gateway.view().helpers().join().getFirst().name().equals(name)) {
            assertThat(System.nanoTime() - end).as("%s is not back", name).isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Test
    void shouldBringBackWhatWasInForceWhenNobodyConfirms() throws Exception {
        try (MemoryGateway gateway = new MemoryGateway()) {
            LiveConfig live = new LiveConfig(file, gateway.config(), gateway.view());
            Files.writeString(file, WHOLE.replace("helpers: [ftp]", "helpers: [irc]"));
            live.reload(false, Duration.ofHours(1));
            Files.writeString(file, WHOLE.replace("helpers: [ftp]", "helpers: [sip]"));

            live.reload(false, Duration.ofMillis(1));

            awaitHelpers(gateway, "ftp");
            assertThat(live.confirm()).as("it is too late").isFalse();
        }
    }

    @Test
    void shouldKeepWhatWasConfirmed() throws Exception {
        try (MemoryGateway gateway = new MemoryGateway()) {
            LiveConfig live = new LiveConfig(file, gateway.config(), gateway.view());
            Files.writeString(file, WHOLE.replace("helpers: [ftp]", "helpers: [irc]"));
            live.reload(false, Duration.ofHours(1));
            assertThat(live.confirm()).isTrue();
            assertThat(live.confirm()).as("once is enough").isFalse();
            Files.writeString(file, WHOLE.replace("helpers: [ftp]", "helpers: [sip]"));

            live.reload(false, Duration.ofMillis(1));

            awaitHelpers(gateway, "irc");
        }
    }

    @Test
    void shouldNameWhatNeedsARestart() throws Exception {
        try (MemoryGateway gateway = new MemoryGateway()) {
            LiveConfig live = new LiveConfig(file, gateway.config(), gateway.view());
            Files.writeString(file,
                    WHOLE.replace("device: outside0", "device: outside9").replace("capacity: 1k", "capacity: 2k")
                            .replace("helpers: [ftp]", "helpers: []"));

            assertThatThrownBy(() -> live.reload(false)).isInstanceOfSatisfying(ConfigException.class,
                    e -> assertThat(e.problems()).extracting(Problem::path).containsExactly("interfaces",
                            "flows.capacity"));

            assertThat(gateway.view().helpers().join()).extracting("name").containsExactly("ftp");
        }
    }
}
