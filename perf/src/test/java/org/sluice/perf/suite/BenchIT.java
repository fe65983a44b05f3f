package org.sluice.perf.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.mgmt.Sluice;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class BenchIT {

    @Test
    void shouldMeasureBesideTheKernel(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("report.json");

        assertThat(Sluice.commandLine().execute("bench", "udp", "connections", "establishment", "--quick", "--only",
                "kernel,sluice af_packet", "--json", json.toString())).isZero();

        JsonNode experiments = new ObjectMapper().readTree(Files.readString(json)).at("/experiments");
        assertCarriedNoMoreThanWasOffered(experiments.at("/0/rows"));
        assertTrackedWhatWasEstablished(experiments.at("/1/rows"));
        assertEstablishedAndTornDown(experiments.at("/2/rows"));
    }

    private static void assertCarriedNoMoreThanWasOffered(JsonNode rows) {
        assertThat(rows.size()).isEqualTo(2);
        for (JsonNode row : rows) {
            double offered = row.get("offered/s").asDouble();
            assertThat(row.get("delivered/s").asDouble()).isPositive().isLessThanOrEqualTo(offered);
            assertThat(row.get("loss %").asDouble()).isBetween(0.0, 100.0);
            assertThat(row.get("remark").asString()).isEmpty();
        }
    }

    private static void assertTrackedWhatWasEstablished(JsonNode rows) {
        assertThat(rows.size()).isEqualTo(2);
        for (JsonNode row : rows) {
            assertThat(row.get("established/s").asDouble()).isPositive();
            assertThat(row.get("complete/s").asDouble()).isPositive();
            // a handshake whose last acknowledgement was lost has come to no end on the server, but may have in the rival
            assertThat(row.get("tracked %").asDouble()).isGreaterThanOrEqualTo(100.0);
            assertThat(row.get("remark").asString()).isEmpty();
        }
    }

    private static void assertEstablishedAndTornDown(JsonNode rows) {
        assertThat(rows.findValuesAsString("protocol")).containsExactly("UDP", "UDP", "TCP", "TCP");
        for (JsonNode row : rows) {
            assertThat(row.get("established/s").asDouble()).isPositive();
            assertThat(row.get("torn down/s").asDouble()).isPositive();
            assertThat(row.get("remark").asString()).isEmpty();
        }
    }
}
