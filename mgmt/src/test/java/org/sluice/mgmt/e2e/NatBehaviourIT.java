package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Topology;

/** What coturn's program for NAT behaviour discovery (RFC 5780) says of the gateway. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "the lab sets up Linux's own way only")
class NatBehaviourIT {
    private static final String ALTERNATE = "198.51.100.3";
    private static final int STUN = 3478;

    private Rig rig;

    @AfterEach
    void accountForEveryPacketAndClose() {
        try {
            rig.middle().assertAtRest();
        } finally {
            rig.close();
        }
    }

    private void open(String behaviour) {
        rig = Rig.open(Plan.sourceNat("{kind: masquerade, out: outside%s}".formatted(behaviour)));
        add(rig.server(), ALTERNATE);
        Path work = rig.newDirectory("turnserver");
        rig.startServer(rig.server(), Topology.SERVER_ADDRESS, STUN, Tools.find("turnserver"), "-n", "-S", "-z",
                "--no-tls", "--no-dtls", "--no-cli", "-L", Topology.SERVER_ADDRESS, "-L", ALTERNATE, "-p",
                Integer.toString(STUN), "--pidfile", work.resolve("pid").toString(), "-l", "stdout", "-b",
                work.resolve("db").toString());
    }

    private static void add(Namespace host, String address) {
        host.run("ip", "address", "add", address + "/" + Topology.PREFIX_LENGTH, "dev", Topology.DEVICE);
    }

    private String discover(String option) {
        return rig.run(rig.client(), Tools.find("turnutils_natdiscovery"), option, "-L", Topology.CLIENT_ADDRESS,
                Topology.SERVER_ADDRESS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "''                                      | Endpoint Independent Mapping         | Address and Port Dependent Filtering",
            "', filtering: address_dependent'        | Endpoint Independent Mapping         | Address Dependent Filtering",
            "', filtering: endpoint_independent'     | Endpoint Independent Mapping         | Endpoint Independent Filtering",
            "', mapping: address_and_port_dependent' | Address and Port Dependent Mapping   | Address and Port Dependent Filtering"})
    void shouldBehaveAsTheRuleSays(String behaviour, String mapping, String filtering) {
        open(behaviour);
        assertThat(discover("-m")).contains(mapping);
        assertThat(discover("-f")).contains(filtering);
    }

    @Test
    void shouldTurnBackWhatASecondSocketInsideSendsToTheOutsideEndpoint() {
        open("");
        assertThat(discover("-H")).contains("Received a request");
    }
}
