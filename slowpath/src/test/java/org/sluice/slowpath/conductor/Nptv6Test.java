package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT6;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER6;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.view.FlowView;

/** Inside fd77::/64 is 2001:db8:78::/64 outside. */
class Nptv6Test {
    /** What fd77::2 is known by. */
    private static final String KNOWN = "2001:db8:78:0:cf46::2";
    private static final String NEIGHBOR = "fd77::3";
    private static final String KNOWN_NEIGHBOR = "2001:db8:78:0:cf46::3";
    private static final int QUOTED = Ipv6.HEADER_LENGTH + 20;
    private final GatewayFixture gateway = new GatewayFixture();

    @BeforeEach
    void translatePrefix() {
        GatewaySettings now = gateway.settings;
        gateway.reload(new GatewaySettings(now.interfaces(), now.routes(),
                List.of(new NatSettings.Nptv6("outside", IpPrefix.parse("fd77::/64"),
                        IpPrefix.parse("2001:db8:78::/64"))),
                new PolicySettings(Action.ACCEPT, List.of()), now.helpers(), now.capacity(), Map.of()));
    }

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private static byte[] toServer(int flags, int sequence, int acknowledgement, String text) {
        return Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 5000, SERVER6, 21, flags, sequence, acknowledgement,
                text);
    }

    private static byte[] toClient(int flags, int sequence, int acknowledgement, String text) {
        return Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, 21, KNOWN, 5000, flags, sequence, acknowledgement,
                text);
    }

    private void assertSealed() {
        assertThat(gateway.out).isNotEmpty().allMatch(Frames::isSealed);
    }

    @Test
    void shouldTranslateBothWaysInTheSlowAndTheFastPath() {
        byte[] question = Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 4000, SERVER6, 53, 40);
        byte[] answer = Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, 53, KNOWN, 4000, 40);
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.fromInside(question))
                    .containsExactly("outside udp [" + KNOWN + "]:4000 > [2001:db8:77::2]:53");
            assertSealed();
            assertThat(gateway.fromOutside(answer))
                    .containsExactly("inside udp [2001:db8:77::2]:53 > [fd77::2]:4000");
            assertSealed();
        }
        assertThat(gateway.meter("sluice_fastpath_packets")).isPositive();
        FlowView flow = gateway.flows().getFirst();
        assertThat(flow.original().src()).isEqualTo(CLIENT6);
        assertThat(flow.reply().dst()).isEqualTo(KNOWN);
    }

    @Test
    void shouldLetInWhomPolicyLetsInUnderTheInsideAddress() {
        byte[] ping = Frames.echo(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, KNOWN, Icmpv6.ECHO_REQUEST, 7);
        assertThat(gateway.fromOutside(ping)).containsExactly("inside icmpv6 128/0 2001:db8:77::2 > fd77::2");
        assertSealed();
        byte[] answer = Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, SERVER6, Icmpv6.ECHO_REPLY, 7);
        assertThat(gateway.fromInside(answer)).containsExactly("outside icmpv6 129/0 " + KNOWN + " > 2001:db8:77::2");
        assertSealed();
    }

    @Test
    void shouldTurnBackWhatAHostSendsToTheOutsideAddressOfItsNeighbour() {
        assertThat(gateway.fromInside(
                Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 4000, KNOWN_NEIGHBOR, 53, 8)))
                .containsExactly("inside udp [" + KNOWN + "]:4000 > [fd77::3]:53");
        assertThat(gateway.fromInside(
                Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, NEIGHBOR, 53, KNOWN, 4000, 8)))
                .containsExactly("inside udp [" + KNOWN_NEIGHBOR + "]:53 > [fd77::2]:4000");
        assertSealed();
    }

    @Test
    void shouldTranslateAnErrorAndThePacketInIt() {
        gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 4000, SERVER6, 53, 40));
        byte[] sent = gateway.out.getFirst();
        assertThat(gateway.fromOutside(Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, "2001:db8:99::9", KNOWN,
                Icmpv6.UNREACHABLE, Icmpv6.PORT_UNREACHABLE, sent, QUOTED)))
                .containsExactly("inside icmpv6 1/4 2001:db8:99::9 > fd77::2");
        assertSealed();
        UnsafeBuffer error = new UnsafeBuffer(gateway.out.getFirst());
        int inner = Frames.l4(error) + Icmp.HEADER_LENGTH;
        assertThat(IpAddress.read(error, inner + Ipv6.SOURCE)).hasToString(CLIENT6);
        assertThat(IpAddress.read(error, inner + Ipv6.DESTINATION)).hasToString(SERVER6);
    }

    /** RFC 2428: the address that EPRT names is the translated one, and the server may connect to it. */
    @Test
    void shouldTranslateWhatAHelperReads() {
        gateway.fromInside(toServer(Tcp.SYN, 99, 0, ""));
        gateway.fromOutside(toClient(Tcp.SYN | Tcp.ACK, 499, 100, ""));
        gateway.fromInside(toServer(Tcp.ACK, 100, 500, ""));
        gateway.fromOutside(toClient(Tcp.ACK | Tcp.PSH, 500, 100, "220 ready\r\n"));
        gateway.fromInside(toServer(Tcp.ACK | Tcp.PSH, 100, 511, "USER a\r\n"));
        gateway.fromOutside(toClient(Tcp.ACK | Tcp.PSH, 511, 108, "331 password\r\n"));
        gateway.fromInside(toServer(Tcp.ACK | Tcp.PSH, 108, 525, "EPRT |2|fd77::2|40000|\r\n"));
        String text = gateway.out.stream().map(frame -> new String(frame, StandardCharsets.US_ASCII))
                .filter(frame -> frame.contains("EPRT")).findFirst().orElse("");
        assertThat(text).contains("EPRT |2|2001:db8:78:0:cf46:0:0:2|40000|");
        assertSealed();

        gateway.policy(Action.DROP);
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, 20, KNOWN, 40000, Tcp.SYN, 1, 0, "")))
                .containsExactly("inside tcp [2001:db8:77::2]:20 > [fd77::2]:40000");
    }
}
