package org.sluice.mgmt.e2e;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
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

    /** From all servers at the same time. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("org.sluice.mgmt.e2e.FtpTransfer#clientsAndModes")
    void shouldCarryTransfersIntact(FtpClientKind client, FtpMode mode) throws Exception {
        List<Callable<Void>> transfers = new ArrayList<>();
        addresses.forEach((server, address) -> transfers.add(() -> {
            new FtpTransfer(rig(), rig().client(), address, files).check(client, mode, server.user());
            return null;
        }));
        AtOnce.run(transfers);
    }
}
