package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.lab.Topology.SERVER_ADDRESS;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.mgmt.lab.Shell;

/** Ordinary traffic and FTP, with AF_XDP on both interfaces. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "about a driver of Sluice")
class AfXdpIT extends OrdinaryTraffic {
    private FtpFiles files;

    AfXdpIT() {
        super(Plan.AF_XDP);
    }

    @Override
    void startServers() throws IOException {
        super.startServers();
        files = FtpFiles.in(rig().newDirectory("files"));
        FtpServerKind.VSFTPD.start(rig(), rig().server(), SERVER_ADDRESS, files);
    }

    @ParameterizedTest
    @EnumSource(value = FtpMode.class, names = {"PORT", "PASV"})
    void shouldCarryFtpTransfers(FtpMode mode) throws IOException {
        new FtpTransfer(rig(), rig().client(), SERVER_ADDRESS, files).check(FtpClientKind.CURL, mode, "anonymous");
    }

    @Test
    void shouldSayWhichDriverItHas() {
        assertThat(rig().middle().log()).contains("AF_XDP in the driver").doesNotContain("AF_PACKET takes over");
    }

    /** With another one's program on the device there is nothing to be had; and what a killed process had is free again. */
    @Test
    void shouldGoOnByAfPacketWhereItCannotBeHadAndReturnToAfXdp() {
        SluiceMiddle gateway = (SluiceMiddle) rig().middle();
        String outside = rig().topology().outside();
        gateway.kill();
        Shell.run("ip", "link", "set", outside, "mtu", "9000");
        gateway.restart();
        assertThat(gateway.log()).contains("AF_XDP can't be had on " + outside, "AF_PACKET takes over", "MTU of 9000");
        assertThat(rig().run(rig().client(), Tools.find("ping"), "-n", "-c", "2", "-i", "0.1", SERVER_ADDRESS))
                .contains(" 0% packet loss");

        gateway.kill();
        Shell.run("ip", "link", "set", outside, "mtu", "1500");
        gateway.restart();
        assertThat(gateway.log()).doesNotContain("AF_PACKET takes over");
        assertThat(rig().run(rig().client(), Tools.find("ping"), "-n", "-c", "2", "-i", "0.1", SERVER_ADDRESS))
                .contains(" 0% packet loss");
    }
}
