package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.address;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;

/** An expected connection leaves with the address of its control connection, whatever the rules would give to a new flow. */
class RelatedAddressTest {
    private static final int PUSH = Tcp.ACK | Tcp.PSH;
    private static final String FORWARDED = "10.77.0.20";
    private static final NatSettings FORWARD = new NatSettings.Dnat("outside", 6, 21, 21, address(FORWARDED), 21);

    private final GatewayFixture gateway = new GatewayFixture(1_000, Map.of(), List.of(FORWARD,
            new NatSettings.Snat("outside", IpPrefix.parse("10.77.0.0/24"), address("198.51.100.20"),
                    address("198.51.100.29"))));

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private String fromInside(String source, int port, String destination, int destinationPort, int flags, int sequence,
            int acknowledgement, String text) {
        return only(gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, source, port, destination,
                destinationPort, flags, sequence, acknowledgement, text)));
    }

    private String fromOutside(String source, int port, String destination, int destinationPort, int flags,
            int sequence, int acknowledgement, String text) {
        return only(gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, source, port, destination,
                destinationPort, flags, sequence, acknowledgement, text)));
    }

    private static String only(List<String> sent) {
        assertThat(sent).hasSize(1);
        return sent.getFirst();
    }

    /** @return the source address of a description. */
    private static String source(String described) {
        return described.substring(described.indexOf("tcp ") + 4, described.indexOf(':'));
    }

    private void masqueradeFromNowOn() {
        GatewaySettings now = gateway.settings;
        gateway.slowPath.view().reload(new GatewaySettings(now.interfaces(), now.routes(),
                List.of(FORWARD, new NatSettings.Masquerade("outside")), now.policy(), now.helpers(), now.capacity(),
                now.timeouts()));
        gateway.run();
    }

    private String text() {
        byte[] frame = gateway.out.getFirst();
        int headers = Frames.L4 + Tcp.HEADER_LENGTH;
        int length = Frames.IP + Ipv4.totalLength(new UnsafeBuffer(frame), Frames.IP) - headers;
        return new String(frame, headers, length, StandardCharsets.US_ASCII);
    }

    @Test
    void shouldLetAServerInsideConnectWithTheAddressItWasReachedUnder() {
        fromOutside(SERVER, 5000, OUTSIDE, 21, Tcp.SYN, 99, 0, "");
        fromInside(FORWARDED, 21, SERVER, 5000, Tcp.SYN | Tcp.ACK, 499, 100, "");
        fromOutside(SERVER, 5000, OUTSIDE, 21, Tcp.ACK, 100, 500, "");
        fromInside(FORWARDED, 21, SERVER, 5000, PUSH, 500, 100, "220 hi\r\n");
        fromOutside(SERVER, 5000, OUTSIDE, 21, PUSH, 100, 508, "USER u\r\nPORT 198,51,100,2,19,137\r\n");

        assertThat(fromInside(FORWARDED, 20, SERVER, 5001, Tcp.SYN, 1, 0, ""))
                .isEqualTo("outside tcp 198.51.100.1:20 > 198.51.100.2:5001");
        assertThat(source(fromInside(FORWARDED, 30_000, SERVER, 80, Tcp.SYN, 1, 0, ""))).as("by the rules")
                .startsWith("198.51.100.2");
    }

    @Test
    void shouldLetAClientInsideConnectWithTheAddressThatTheServerKnows() {
        String seen = source(fromInside(CLIENT, 5000, SERVER, 21, Tcp.SYN, 99, 0, ""));
        fromOutside(SERVER, 21, seen, 5000, Tcp.SYN | Tcp.ACK, 499, 100, "");
        fromInside(CLIENT, 5000, SERVER, 21, Tcp.ACK, 100, 500, "");
        fromOutside(SERVER, 21, seen, 5000, PUSH, 500, 100, "220 hi\r\n");
        fromInside(CLIENT, 5000, SERVER, 21, PUSH, 100, 508, "USER u\r\nPASV\r\nEPSV\r\n");
        fromOutside(SERVER, 21, seen, 5000, PUSH, 508, 122,
                "227 ok (198,51,100,2,19,137)\r\n229 ok (|||5002|)\r\n");

        assertThat(seen).startsWith("198.51.100.2");
        assertThat(source(fromInside(CLIENT, 5005, SERVER, 5001, Tcp.SYN, 1, 0, ""))).isEqualTo(seen);

        masqueradeFromNowOn();
        assertThat(source(fromInside(CLIENT, 5007, SERVER, 80, Tcp.SYN, 1, 0, ""))).isEqualTo(OUTSIDE);
        assertThat(source(fromInside(CLIENT, 5006, SERVER, 5002, Tcp.SYN, 1, 0, ""))).isEqualTo(seen);
    }

    /** Client and server on one link, the client by the server's public address: answers have to come back through the gateway. */
    @Test
    void shouldTurnDataConnectionsBackWhenTheControlConnectionWasTurnedBack() {
        String control = fromInside(CLIENT, 5000, OUTSIDE, 21, Tcp.SYN, 99, 0, "");
        assertThat(control).isEqualTo("inside tcp 198.51.100.1:5000 > 10.77.0.20:21");
        fromInside(FORWARDED, 21, OUTSIDE, 5000, Tcp.SYN | Tcp.ACK, 499, 100, "");
        fromInside(CLIENT, 5000, OUTSIDE, 21, Tcp.ACK, 100, 500, "");
        fromInside(FORWARDED, 21, OUTSIDE, 5000, PUSH, 500, 100, "220 hi\r\n");
        fromInside(CLIENT, 5000, OUTSIDE, 21, PUSH, 100, 508, "USER u\r\nPASV\r\n");
        fromInside(FORWARDED, 21, OUTSIDE, 5000, PUSH, 508, 114, "227 ok (10,77,0,20,19,137)\r\n");
        assertThat(text()).isEqualTo("227 ok (198,51,100,1,19,137)\r\n");

        assertThat(fromInside(CLIENT, 5005, OUTSIDE, 5001, Tcp.SYN, 1, 0, ""))
                .isEqualTo("inside tcp 198.51.100.1:5005 > 10.77.0.20:5001");

        fromInside(CLIENT, 5000, OUTSIDE, 21, PUSH, 114, 538, "PORT 10,77,0,2,19,140\r\n");
        assertThat(text()).isEqualTo("PORT 198,51,100,1,19,140\r\n");
        assertThat(fromInside(FORWARDED, 20, OUTSIDE, 5004, Tcp.SYN, 1, 0, ""))
                .isEqualTo("inside tcp 198.51.100.1:20 > 10.77.0.2:5004");
    }
}
