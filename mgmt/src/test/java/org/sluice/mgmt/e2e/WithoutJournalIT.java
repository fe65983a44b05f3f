package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** What {@link RestartIT} sees is the journal's doing: without one, a gateway that was killed knows nothing of a connection. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "Linux keeps its flows in the kernel")
class WithoutJournalIT extends GatewayScenario {
    /** To the gateway's own address, as which the client is known outside. */
    private static final Pattern STRANGERS = Pattern.compile("sluice_drops_total\\{reason=\"policy\"} (\\S+)");
    private static final int RATE = 1 << 20;

    WithoutJournalIT() {
        super(Plan.USUAL);
    }

    @Override
    void startServers() throws Exception {
        WebServer.start(rig(), rig().server(), Topology.SERVER_ADDRESS, "large.bin", TestData.bytes(30 * RATE, 99));
    }

    @Test
    void shouldNotKnowADownloadThatHadBegunBefore() {
        Path directory = rig().newDirectory("download");
        Path fetched = directory.resolve("large.bin");
        Process download = rig().client().start(
                List.of(Tools.find("curl"), "--silent", "--limit-rate", Integer.toString(RATE), "--output",
                        fetched.toString(), "http://" + Topology.SERVER_ADDRESS + "/large.bin"),
                directory.resolve("log"));
        Rig.await("it has begun", () -> Files.exists(fetched));
        SluiceMiddle gateway = (SluiceMiddle) rig().middle();
        gateway.kill();
        gateway.restart();

        Rig.await("its packets are dropped", () -> {
            Matcher drops = STRANGERS.matcher(gateway.get("/metrics"));
            return drops.find() && Double.parseDouble(drops.group(1)) > 0;
        });
        assertThat(gateway.get("/api/v1/flows?state=ESTABLISHED")).doesNotContain("\"state\"");
        download.destroyForcibly();
    }
}
