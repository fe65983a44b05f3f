package org.sluice.mgmt.e2e;

import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.mgmt.lab.Topology;

/**
 * Inside has a pool of outside addresses. A data connection has to come from its control connection's address: vsftpd looks at that in
 * passive mode, Commons Net in active mode.
 */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "has no such rules")
class FtpPoolIT extends GatewayScenario {
    private FtpFiles outer;
    private FtpFiles inner;

    FtpPoolIT() {
        super(Plan.FTP_POOL);
    }

    @Override
    void startServers() throws Exception {
        outer = FtpFiles.in(rig().newDirectory("files"));
        FtpServerKind.VSFTPD.start(rig(), rig().server(), Topology.SERVER_ADDRESS, outer);
        inner = FtpFiles.in(rig().newDirectory("files"));
        FtpServerKind.VSFTPD.start(rig(), rig().client(), Topology.CLIENT_ADDRESS, inner);
    }

    @ParameterizedTest
    @EnumSource(FtpMode.class)
    void shouldCarryTransfersOfAClientInside(FtpMode mode) throws Exception {
        new FtpTransfer(rig(), rig().client(), Topology.SERVER_ADDRESS, outer).check(FtpClientKind.COMMONS_NET, mode,
                FtpServerKind.VSFTPD.user());
    }

    @ParameterizedTest
    @EnumSource(FtpMode.class)
    void shouldCarryTransfersOfAServerInside(FtpMode mode) throws Exception {
        new FtpTransfer(rig(), rig().server(), Topology.OUTSIDE_ADDRESS, inner).check(FtpClientKind.COMMONS_NET, mode,
                FtpServerKind.VSFTPD.user());
    }

    /** The client and the server on one link, the client by the server's public name. */
    @ParameterizedTest
    @EnumSource(FtpMode.class)
    void shouldCarryTransfersThatTurnBack(FtpMode mode) throws Exception {
        new FtpTransfer(rig(), rig().client(), Topology.OUTSIDE_ADDRESS, inner).check(FtpClientKind.COMMONS_NET, mode,
                FtpServerKind.VSFTPD.user());
    }
}
