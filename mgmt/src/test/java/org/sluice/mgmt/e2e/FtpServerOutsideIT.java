package org.sluice.mgmt.e2e;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.mgmt.lab.Topology;

/** Clients inside, masqueraded, and the FTP servers of the world outside. */
class FtpServerOutsideIT extends GatewayScenario {
    private final Map<FtpServerKind, String> addresses = new EnumMap<>(FtpServerKind.class);
    private FtpFiles files;

    FtpServerOutsideIT() {
        super(Plan.USUAL);
    }

    @Override
    void startServers() throws Exception {
        files = FtpFiles.in(rig().newDirectory("files"));
        for (FtpServerKind server : FtpServerKind.values()) {
            String address = "198.51.100." + (10 + server.ordinal());
            rig().server().run("ip", "address", "add", address + "/" + Topology.PREFIX_LENGTH, "dev", Topology.DEVICE);
            server.start(rig(), rig().server(), address, files);
            addresses.put(server, address);
        }
    }

    static List<Arguments> everything() {
        List<Arguments> all = new ArrayList<>();
        for (FtpServerKind server : FtpServerKind.values()) {
            FtpTransfer.clientsAndModes().forEach(a -> all.add(Arguments.of(server, a.get()[0], a.get()[1])));
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("everything")
    void shouldCarryTransfersIntact(FtpServerKind server, FtpClientKind client, FtpMode mode) throws Exception {
        new FtpTransfer(rig(), rig().client(), addresses.get(server), files).check(client, mode, server.user());
    }
}
