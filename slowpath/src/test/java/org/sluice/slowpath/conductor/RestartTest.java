package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT6;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER6;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.journal.JournalSettings;
import org.sluice.slowpath.journal.JournalStore;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.view.FlowFilter;
import org.sluice.slowpath.view.FlowView;

/** The gateway's process is killed and another one goes on where it was; neither end of a connection sees anything. */
class RestartTest {
    private static final int PUSH = Tcp.ACK | Tcp.PSH;

    @TempDir
    private Path state;
    private JournalStore store;
    private GatewayFixture gateway;

    /** How far the journal's writer had come when the process was killed. */
    enum Moment {
        /** What was handed over is in memory only. */
        UNWRITTEN,
        /** All is on disk. */
        WRITTEN,
        /** All is on disk, and was written once more in a snapshot. */
        SNAPSHOT
    }

    @BeforeEach
    void start() {
        store = JournalStore.open(new JournalSettings(state));
        gateway = new GatewayFixture(store.journal());
        gateway.slowPath.restore(store.image());
    }

    @AfterEach
    void stop() {
        gateway.assertAllAccountedFor();
        store.writer().onClose();
    }

    private void write() {
        while (store.writer().doWork() > 0) {
            gateway.run();
        }
    }

    private void restart(Moment moment) {
        gateway.assertAllAccountedFor();
        if (moment == Moment.UNWRITTEN) {
            store.close();
        } else {
            write();
            store.close();
        }
        start();
        if (moment == Moment.SNAPSHOT) {
            gateway.run();
            write();
            store.close();
            start();
        }
    }

    private static byte[] client(int flags, int sequence, int acknowledgement, String text) {
        return Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 21, flags, sequence, acknowledgement, text);
    }

    private static byte[] server(int flags, int sequence, int acknowledgement, String text) {
        return Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 21, OUTSIDE, 5000, flags, sequence, acknowledgement,
                text);
    }

    private void logIn() {
        gateway.fromInside(client(Tcp.SYN, 99, 0, ""));
        gateway.fromOutside(server(Tcp.SYN | Tcp.ACK, 499, 100, ""));
        gateway.fromInside(client(Tcp.ACK, 100, 500, ""));
        gateway.fromOutside(server(PUSH, 500, 100, "220 hi\r\n"));
        gateway.fromInside(client(PUSH, 100, 508, "USER u\r\n"));
        gateway.fromOutside(server(Tcp.ACK, 508, 108, ""));
    }

    private String text() {
        byte[] frame = gateway.out.getFirst();
        int headers = Frames.L4 + Tcp.HEADER_LENGTH;
        int length = Frames.IP + Ipv4.totalLength(new UnsafeBuffer(frame), Frames.IP) - headers;
        return new String(frame, headers, length, StandardCharsets.US_ASCII);
    }

    private int sequence() {
        return Tcp.sequence(new UnsafeBuffer(gateway.out.getFirst()), Frames.L4);
    }

    private int acknowledgement() {
        return Tcp.acknowledgement(new UnsafeBuffer(gateway.out.getFirst()), Frames.L4);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void shouldGoOnWithAConnectionThatHasMovedFarByTheFastPath(Moment moment) {
        TcpTalk talk = new TcpTalk(gateway);
        talk.open();
        for (int i = 0; i < 1000; i++) {
            talk.server(Tcp.ACK, 1 + 1000 * i, 1, 1000);
            talk.client(Tcp.ACK, 1, 1001 + 1000 * i, 0);
        }
        restart(moment);
        talk = new TcpTalk(gateway);
        assertThat(talk.state()).isEqualTo("ESTABLISHED");
        assertThat(talk.server(Tcp.ACK, 1_000_001, 1, 1000)).isTrue();
        assertThat(talk.client(Tcp.ACK, 1, 1_001_001, 0)).isTrue();
        long fast = gateway.meter("sluice_fastpath_packets");
        assertThat(talk.server(Tcp.ACK, 1_001_001, 1, 1000)).isTrue();
        assertThat(gateway.meter("sluice_fastpath_packets")).as("by the fast path again").isEqualTo(fast + 1);
        assertThat(talk.server(Tcp.RST, 5_000_000, 0, 0)).as("a forged reset").isFalse();
        talk.state();
        assertThat(talk.client(Tcp.FIN | Tcp.ACK, 1, 1_002_001, 0)).isTrue();
        assertThat(talk.server(Tcp.FIN | Tcp.ACK, 1_002_001, 2, 0)).isTrue();
        assertThat(talk.client(Tcp.ACK, 2, 1_002_002, 0)).isTrue();
        assertThat(talk.state()).isEqualTo("TIME_WAIT");
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void shouldGoOnWithAnEditedConnectionBetweenTwoCommands(Moment moment) {
        logIn();
        gateway.fromInside(client(PUSH, 108, 508, "PORT 10,77,0,2,19,137\r\n"));
        assertThat(text()).isEqualTo("PORT 198,51,100,1,19,137\r\n");
        gateway.fromOutside(server(PUSH, 508, 134, "200 ok\r\n"));
        gateway.fromInside(client(Tcp.ACK, 131, 516, ""));

        restart(moment);

        gateway.fromInside(client(PUSH, 131, 516, "PORT 10,77,0,2,19,138\r\n"));
        assertThat(text()).isEqualTo("PORT 198,51,100,1,19,138\r\n");
        assertThat(sequence()).as("three more than the client has sent").isEqualTo(134);
        gateway.fromOutside(server(PUSH, 516, 160, "200 ok\r\n"));
        assertThat(acknowledgement()).as("six fewer than the server has got").isEqualTo(154);
        for (int port = 5001; port <= 5002; port++) {
            byte[] syn = Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 20, OUTSIDE, port, Tcp.SYN, 1, 0, "");
            assertThat(gateway.fromOutside(syn)).as("what was announced before and after the restart")
                    .containsExactly("inside tcp 198.51.100.2:20 > 10.77.0.2:" + port);
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void shouldRepeatWhatItHasEditedWhenThatWasLostOnTheWay(Moment moment) {
        logIn();
        gateway.fromInside(client(PUSH, 108, 508, "PORT 10,77,0,2,19,137\r\n"));

        restart(moment);

        gateway.fromInside(client(PUSH, 108, 508, "PORT 10,77,0,2,19,137\r\n"));
        assertThat(text()).isEqualTo("PORT 198,51,100,1,19,137\r\n");
        assertThat(sequence()).isEqualTo(108);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void shouldUnderstandTheAnswerToACommandThatCameBefore(Moment moment) {
        logIn();
        gateway.fromInside(client(PUSH, 108, 508, "PASV\r\n"));

        restart(moment);

        gateway.fromOutside(server(PUSH, 508, 114, "227 Entering Passive Mode (198,51,100,2,200,1)\r\n"));
        byte[] syn = Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5010, SERVER, 200 * 256 + 1, Tcp.SYN, 1, 0, "");
        gateway.fromInside(syn);
        assertThat(gateway.meter("sluice_helper_events", "helper", "ftp", "event", "fulfilled")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void shouldKeepOutsidePortsWithTheirOwners(Moment moment) {
        udp("10.77.0.2");
        List<String> seen = udp("10.77.0.3");
        restart(moment);
        assertThat(udp("10.77.0.3")).as("the port that was not its own").isEqualTo(seen);
        assertThat(udp("10.77.0.4")).as("a third one's").isNotEqualTo(seen)
                .noneMatch(frame -> frame.contains("198.51.100.1:7000 "));
    }

    private List<String> udp(String host) {
        return udp(host, SERVER);
    }

    private List<String> udp(String host, String server) {
        return gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, host, 7000, server, 53, "hi"));
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void shouldKeepOutsidePortsOfIpv6(Moment moment) {
        GatewaySettings now = gateway.settings;
        gateway.reload(new GatewaySettings(now.interfaces(), now.routes(),
                List.of(new NatSettings.Masquerade("outside", true, NatSettings.Behaviour.USUAL)), now.policy(),
                now.helpers(), now.capacity(), Map.of()));
        udp(CLIENT6, SERVER6);
        List<String> seen = udp("fd77::3", SERVER6);
        assertThat(seen).noneMatch(frame -> frame.contains("]:7000 "));
        restart(moment);
        assertThat(udp("fd77::3", SERVER6)).isEqualTo(seen);
        assertThat(gateway.meter("sluice_nat_ports_used", "address", GatewayFixture.OUTSIDE6)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void shouldBringBackIpv6AndPings(Moment moment) {
        gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 7000, SERVER6, 53, ""));
        gateway.fromInside(Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, 8, 77));
        restart(moment);
        assertThat(gateway.fromOutside(
                Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, 53, CLIENT6, 7000, ""))).hasSize(1);
        assertThat(gateway.fromOutside(Frames.echo(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, 0, 77))).hasSize(1);
        assertThat(gateway.flows()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void shouldNotBringBackWhatHasEnded(Moment moment) {
        logIn();
        udp("10.77.0.2");
        gateway.slowPath.view().flushFlows(FlowFilter.ALL);
        gateway.run();
        restart(moment);
        assertThat(gateway.flows()).isEmpty();
        assertThat(gateway.meter("sluice_nat_ports_used")).as("but the port forward's").isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void shouldGoOnOpeningAConnection(Moment moment) {
        TcpTalk talk = new TcpTalk(gateway);
        talk.client(Tcp.SYN, 0, 0, 0);
        restart(moment);
        talk = new TcpTalk(gateway);
        assertThat(talk.server(Tcp.SYN | Tcp.ACK, 0, 1, 0)).isTrue();
        restart(moment);
        talk = new TcpTalk(gateway);
        assertThat(talk.client(Tcp.ACK, 1, 1, 0)).isTrue();
        assertThat(talk.state()).isEqualTo("ESTABLISHED");
    }

    @Test
    void shouldKeepEverythingOverManyRestarts() {
        logIn();
        int sent = 108;
        int seen = 108;
        for (int i = 0; i < 12; i++) {
            String command = "PORT 10,77,0,2,19," + (100 + i) + "\r\n";
            gateway.fromInside(client(PUSH, sent, 508, command));
            assertThat(text()).isEqualTo("PORT 198,51,100,1,19," + (100 + i) + "\r\n");
            assertThat(sequence()).isEqualTo(seen);
            sent += command.length();
            seen += command.length() + 3;
            gateway.fromOutside(server(Tcp.ACK, 508, seen, ""));
            assertThat(acknowledgement()).isEqualTo(sent);
            restart(Moment.values()[i % Moment.values().length]);
        }
        assertThat(gateway.flows()).hasSize(1);
        assertThat(gateway.flows().getFirst()).extracting(FlowView::helper).isEqualTo("ftp");
        assertThat(gateway.meter("sluice_journal_lost_records")).isZero();
    }
}
