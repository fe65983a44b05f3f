package org.sluice.mgmt.e2e;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.mgmt.lab.Topology;

/** A server inside behind a port forward; clients outside know the gateway's address only. */
class FtpServerInsideIT extends GatewayScenario {
    private FtpFiles files;

    FtpServerInsideIT() {
        super(Plan.FTP_SERVER_INSIDE);
    }

    @Override
    void startServers() throws Exception {
        files = FtpFiles.in(rig().newDirectory("files"));
        FtpServerKind.VSFTPD.start(rig(), rig().client(), Topology.CLIENT_ADDRESS, files);
    }

    static List<Arguments> everything() {
        return FtpTransfer.clientsAndModes();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everything")
    void shouldCarryTransfersIntact(FtpClientKind client, FtpMode mode) throws Exception {
        new FtpTransfer(rig(), rig().server(), Topology.OUTSIDE_ADDRESS, files).check(client, mode,
                FtpServerKind.VSFTPD.user());
    }
}
