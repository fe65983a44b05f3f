package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.conntrack.ExpectationTable;
import org.sluice.slowpath.view.ExpectationView;
import org.sluice.slowpath.view.FlowView;

/** What an announced connection may do, and what it may cost. */
class ExpectationSafetyTest {
    private static final int PUSH = Tcp.ACK | Tcp.PSH;
    private static final String OTHER_CLIENT = "10.77.0.3";
    private static final String PORT_5001 = "PORT 10,77,0,2,19,137\r\n";

    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    /** Opens a control connection and says something. */
    private void control(String client, int port, String said) {
        String seen = fromInside(client, port, Tcp.SYN, 99, 0, "").getFirst();
        int seenPort = Integer.parseInt(seen.substring(seen.indexOf(':') + 1, seen.indexOf(" >")));
        fromOutside(seenPort, Tcp.SYN | Tcp.ACK, 499, 100, "");
        fromInside(client, port, Tcp.ACK, 100, 500, "");
        fromOutside(seenPort, PUSH, 500, 100, "220 hi\r\n");
        fromInside(client, port, PUSH, 100, 508, "USER u\r\n" + said);
    }

    private List<String> fromInside(String client, int port, int flags, int sequence, int acknowledgement,
            String text) {
        return gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, client, port, SERVER, 21, flags, sequence,
                acknowledgement, text));
    }

    private List<String> fromOutside(int port, int flags, int sequence, int acknowledgement, String text) {
        return gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 21, OUTSIDE, port, flags, sequence,
                acknowledgement, text));
    }

    private List<ExpectationView> expectations() {
        var answer = gateway.slowPath.view().expectations();
        gateway.slowPath.conductor().doWork();
        return answer.join();
    }

    private String sent() {
        return new String(gateway.out.getFirst(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldShowWhichControlConnectionAnnouncedIt() {
        control(OTHER_CLIENT, 4000, "");
        control(CLIENT, 5000, PORT_5001);

        FlowView parent = gateway.flows().stream().filter(f -> f.original().src().equals(CLIENT)).findFirst()
                .orElseThrow();
        assertThat(expectations()).singleElement().satisfies(e -> {
            assertThat(e.parent()).isEqualTo(parent.id());
            assertThat(e.helper()).isEqualTo("ftp");
        });
    }

    @Test
    void shouldKeepThePortThatWasToldToThePeer() {
        control(CLIENT, 5000, PORT_5001);

        assertThat(fromInside(OTHER_CLIENT, 5001, Tcp.SYN, 1, 0, "").getFirst()).as("somebody else's new connection")
                .doesNotContain(":5001 >");
        control(OTHER_CLIENT, 5002, "PORT 10,77,0,3,19,137\r\n");
        assertThat(sent()).as("somebody else who listens on the same port").contains("PORT 198,51,100,1,")
                .doesNotContain("19,137");
        assertThat(expectations()).extracting(ExpectationView::dport).doesNotHaveDuplicates().hasSize(2);
    }

    @Test
    void shouldLetOnlyTheOtherHostInAndOnlyOnce() {
        control(CLIENT, 5000, PORT_5001);
        byte[] stranger = Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, "198.51.100.9", 20, OUTSIDE, 5001, Tcp.SYN, 1, 0,
                "");
        byte[] server = Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 20, OUTSIDE, 5001, Tcp.SYN, 1, 0, "");
        byte[] again = Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 30, OUTSIDE, 5001, Tcp.SYN, 1, 0, "");

        assertThat(gateway.fromOutside(stranger)).noneMatch(s -> s.startsWith("inside"));
        assertThat(gateway.fromOutside(server)).containsExactly("inside tcp 198.51.100.2:20 > 10.77.0.2:5001");
        assertThat(gateway.fromOutside(again)).noneMatch(s -> s.startsWith("inside"));
    }

    /** Eight each on as many control connections as one host likes. */
    @Test
    void shouldLetOneHostExpectNoMoreThanItsShare() {
        for (int i = 0; i < ExpectationTable.LIMIT_OF_HOST / 8 + 2; i++) {
            StringBuilder ports = new StringBuilder();
            for (int p = 0; p < 8; p++) {
                ports.append("PORT 10,77,0,2,").append(20 + i).append(',').append(p).append("\r\n");
            }
            control(CLIENT, 2000 + i, ports.toString());
        }
        control(OTHER_CLIENT, 2000, "PORT 10,77,0,3,250,1\r\n");

        assertThat(expectations()).hasSize(ExpectationTable.LIMIT_OF_HOST + 1);
        assertThat(gateway.meter("sluice_helper_events", "helper", "ftp", "event", "refused_host_full")).isEqualTo(16);
    }
}
