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
    void shouldCarryNoMoreThanWasOffered(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("report.json");

        assertThat(
                Sluice.commandLine().execute("bench", "udp", "--quick", "--only", "kernel,sluice af_packet", "--json",
                        json.toString()))
                .isZero();

        JsonNode rows = new ObjectMapper().readTree(Files.readString(json)).at("/experiments/0/rows");
        assertThat(rows.size()).isEqualTo(2);
        for (JsonNode row : rows) {
            double offered = row.get("offered/s").asDouble();
            assertThat(row.get("delivered/s").asDouble()).isPositive().isLessThanOrEqualTo(offered);
            assertThat(row.get("loss %").asDouble()).isBetween(0.0, 100.0);
            assertThat(row.get("remark").asString()).isEmpty();
        }
    }
}
