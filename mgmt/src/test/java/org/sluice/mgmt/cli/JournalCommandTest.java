package org.sluice.mgmt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.slowpath.journal.Entry;
import org.sluice.slowpath.journal.JournalSettings;
import org.sluice.slowpath.journal.JournalStore;
import org.sluice.slowpath.route.IpAddress;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Who had which outside port when, read from a journal on disk. */
class JournalCommandTest {
    private static final IpAddress OUTSIDE = IpAddress.parse("198.51.100.1");
    private static final IpAddress SERVER = IpAddress.parse("203.0.113.9");
    private static final long HOUR_AGO = System.currentTimeMillis() - 3_600_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path state;

    private static Entry.Flow flow(int id, String host, int port, int outsidePort) {
        Entry.Way way = new Entry.Way(1, 60, 7, true, 0, 0, 0);
        return new Entry.Flow(id, HOUR_AGO, IpAddress.parse(host), SERVER, OUTSIDE, SERVER,
                FlowKey.ports(6, port, 443), FlowKey.ports(6, outsidePort, 443), 0, 1, 0, 0, 0,
                new Entry.FlowState(id, 3, 1, way, way));
    }

    private static Entry.FlowEnd end(int id) {
        return new Entry.FlowEnd(id, 0, 10, 1000, 20, 2000);
    }

    private void write(Entry... entries) {
        JournalStore store = JournalStore.open(new JournalSettings(state));
        for (Entry entry : entries) {
            store.journal().log(entry);
        }
        store.writer().onClose();
    }

    private Cli journal(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of("journal", command, "--state", state.toString()));
        all.addAll(List.of(arguments));
        return Cli.sluice(all.toArray(String[]::new));
    }

    @Test
    void shouldTellEveryHolderOfAPortInTurn() {
        write(flow(2, "10.77.0.2", 5000, 5000), end(2), flow(2, "10.77.0.3", 5000, 5000),
                flow(4, "10.77.0.4", 5000, 1024));
        Cli cli = journal("query", "198.51.100.1", "5000");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.status()).isZero();
        assertThat(cli.lines()).hasSize(3);
        assertThat(cli.lines().get(0)).startsWith("FROM");
        assertThat(cli.lines().get(1)).contains("10.77.0.2:5000", "203.0.113.9:443").doesNotContain("now");
        assertThat(cli.lines().get(2)).contains("10.77.0.3:5000", " now ");
    }

    @Test
    void shouldGoByTimeAndProtocol() {
        write(flow(2, "10.77.0.2", 5000, 5000), end(2));
        String then = Instant.ofEpochMilli(HOUR_AGO + 1000).toString();
        assertThat(journal("query", "198.51.100.1", "5000", "--at", then).status()).isZero();
        assertThat(journal("query", "198.51.100.1", "5000", "--at", then, "--proto", "tcp").status()).isZero();
        assertThat(journal("query", "198.51.100.1", "5000", "--at", then, "--proto", "udp").status()).isEqualTo(1);
        String before = Instant.ofEpochMilli(HOUR_AGO - 1000).toString();
        Cli cli = journal("query", "198.51.100.1", "5000", "--at", before);
        assertThat(cli.status()).isEqualTo(1);
        assertThat(cli.out()).contains("nobody");
    }

    @Test
    void shouldAnswerInJson() throws Exception {
        write(flow(2, "10.77.0.2", 5000, 1024), end(2),
                new Entry.Mapping(7, 17, IpAddress.v4(0x0A4D_0002), 5000, IpAddress.v4(0xC633_6401), 1024, 2, true));
        JsonNode found = JSON.readTree(journal("query", "198.51.100.1", "1024", "--json").out());
        assertThat(found).hasSize(2);
        assertThat(found.get(0).path("inside").asString()).isEqualTo("10.77.0.2");
        assertThat(found.get(0).path("bytes").asLong()).isEqualTo(1000);
        assertThat(found.get(1).path("proto").asString()).isEqualTo("udp");
        assertThat(found.get(1).path("until").isNull()).isTrue();
        assertThat(found.get(1).path("peer").isNull()).isTrue();
    }

    @Test
    void shouldEndWhatASnapshotDoesNotNameAnyMore() throws Exception {
        write(flow(2, "10.77.0.2", 5000, 5000), flow(4, "10.77.0.3", 5000, 5000), new Entry.SnapshotBegin(1),
                flow(4, "10.77.0.3", 5000, 5000), new Entry.SnapshotEnd(1));
        JsonNode found = JSON.readTree(journal("query", "198.51.100.1", "5000", "--json").out());
        assertThat(found).hasSize(2);
        assertThat(found.get(0).path("inside").asString()).isEqualTo("10.77.0.2");
        assertThat(found.get(0).path("until").isNull()).isFalse();
        assertThat(found.get(1).path("until").isNull()).isTrue();
    }

    @Test
    void shouldExportEveryRecordAsALineOfJson() {
        Entry.Expected key = new Entry.Expected(2, 6, OUTSIDE, 5001, null);
        write(flow(2, "10.77.0.2", 5000, 5000),
                new Entry.Expectation(key, "ftp", IpAddress.parse("10.77.0.2"), 5001, 0, HOUR_AGO, "", 0, false),
                new Entry.Session(2, "ftp", new byte[]{1, 2}, new byte[0], true), end(2), new Entry.Stop());
        List<JsonNode> lines = journal("export").lines().stream().map(JSON::readTree).toList();
        assertThat(lines).extracting(l -> l.path("record").asString()).containsExactly("flow", "expectation",
                "session", "flow_end", "stop");
        assertThat(lines.get(0).path("new_source").asString()).isEqualTo("198.51.100.1");
        assertThat(lines.get(1).path("key").path("seen_address").asString()).isEqualTo("198.51.100.1");
        assertThat(lines.get(2).path("stream").asString()).isEqualTo("0102");
        assertThat(lines.get(3).path("reason").asString()).isEqualTo("timeout");
        assertThat(journal("export", "--to", Instant.ofEpochMilli(HOUR_AGO).toString()).out()).isEmpty();
    }

    @Test
    void shouldSayWhereThereIsNoJournal() throws Exception {
        Cli cli = journal("query", "198.51.100.1", "1");
        assertThat(cli.status()).isEqualTo(1);
        assertThat(cli.err()).contains("there is no journal in " + state);
        Path config = Files.writeString(state.resolve("sluice.yaml"),
                "interfaces: {inside: {device: in0, addresses: [10.77.0.1/24]}}\nstate: none\n");
        Cli none = Cli.sluice("journal", "query", "198.51.100.1", "1", "--config", config.toString());
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("names no state folder");
    }
}
