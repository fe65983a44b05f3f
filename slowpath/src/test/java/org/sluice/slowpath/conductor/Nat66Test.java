package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT6;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE6;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER6;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ndp;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.NatSettings.Behaviour;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.view.FlowView;

/** Many hosts of IPv6 behind one address, and ports of that address led to them: all that IPv4 has. */
class Nat66Test {
    private static final String NEIGHBOR = "fd77::3";
    private static final String POOL = "2001:db8:77::aa";
    private static final int QUOTED = Ipv6.HEADER_LENGTH + 20;
    private static final NatSettings MASQUERADE = new NatSettings.Masquerade("outside", true, Behaviour.USUAL);
    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private void nat(NatSettings... rules) {
        nat(Action.ACCEPT, gateway.settings.interfaces(), rules);
    }

    private int nat(Action byDefault, List<InterfaceSettings> interfaces, NatSettings... rules) {
        GatewaySettings now = gateway.settings;
        return gateway.reload(new GatewaySettings(interfaces, now.routes(), List.of(rules),
                new PolicySettings(byDefault, List.of()), now.helpers(), now.capacity(), Map.of()));
    }

    private static byte[] question(String host, int port) {
        return Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, host, port, SERVER6, 53, 41);
    }

    private static byte[] answer(String to, int port) {
        return Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, 53, to, port, 41);
    }

    private static byte[] toServer(int flags, int sequence, int acknowledgement, String text) {
        return Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 5000, SERVER6, 21, flags, sequence, acknowledgement,
                text);
    }

    private static byte[] toClient(int flags, int sequence, int acknowledgement, String text) {
        return Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, 21, OUTSIDE6, 5000, flags, sequence, acknowledgement,
                text);
    }

    private void assertSealed() {
        assertThat(gateway.out).isNotEmpty().allMatch(Frames::isSealed);
    }

    private int sentPort() {
        UnsafeBuffer b = new UnsafeBuffer(gateway.out.getFirst());
        return Udp.sourcePort(b, Frames.l4(b));
    }

    @Test
    void shouldMasqueradeInTheSlowAndTheFastPath() {
        nat(MASQUERADE);
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.fromInside(question(CLIENT6, 4000)))
                    .containsExactly("outside udp [" + OUTSIDE6 + "]:4000 > [2001:db8:77::2]:53");
            assertSealed();
            assertThat(gateway.fromOutside(answer(OUTSIDE6, 4000)))
                    .containsExactly("inside udp [2001:db8:77::2]:53 > [fd77::2]:4000");
            assertSealed();
        }
        assertThat(gateway.meter("sluice_fastpath_packets")).isPositive();
        FlowView flow = gateway.flows().getFirst();
        assertThat(flow.original().src()).isEqualTo(CLIENT6);
        assertThat(flow.reply().dst()).isEqualTo(OUTSIDE6);
    }

    @Test
    void shouldGiveTheSecondHostAnotherPort() {
        nat(MASQUERADE);
        gateway.fromInside(question(CLIENT6, 4000));
        gateway.fromInside(question(NEIGHBOR, 4000));
        int port = sentPort();
        assertThat(port).isNotEqualTo(4000);
        assertSealed();
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.fromOutside(answer(OUTSIDE6, port)))
                    .containsExactly("inside udp [2001:db8:77::2]:53 > [fd77::3]:4000");
            assertSealed();
            gateway.fromInside(question(NEIGHBOR, 4000));
            assertThat(sentPort()).isEqualTo(port);
            assertSealed();
        }
        assertThat(gateway.fromOutside(answer(OUTSIDE6, 4000)))
                .containsExactly("inside udp [2001:db8:77::2]:53 > [fd77::2]:4000");
    }

    @Test
    void shouldTellPingsOfTwoHostsApart() {
        nat(MASQUERADE);
        gateway.fromInside(Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, SERVER6, Icmpv6.ECHO_REQUEST, 7));
        assertSealed();
        gateway.fromInside(Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, NEIGHBOR, SERVER6, Icmpv6.ECHO_REQUEST, 7));
        assertSealed();
        UnsafeBuffer second = new UnsafeBuffer(gateway.out.getFirst());
        int identifier = Icmp.identifier(second, Frames.l4(second));
        assertThat(identifier).isNotEqualTo(7);
        for (int i = 0; i < 2; i++) {
            assertThat(gateway.fromOutside(
                    Frames.echo(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, OUTSIDE6, Icmpv6.ECHO_REPLY, identifier)))
                    .containsExactly("inside icmpv6 129/0 2001:db8:77::2 > fd77::3");
            assertSealed();
            UnsafeBuffer back = new UnsafeBuffer(gateway.out.getFirst());
            assertThat(Icmp.identifier(back, Frames.l4(back))).isEqualTo(7);
        }
        assertThat(gateway.fromOutside(
                Frames.echo(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, OUTSIDE6, Icmpv6.ECHO_REPLY, 7)))
                .containsExactly("inside icmpv6 129/0 2001:db8:77::2 > fd77::2");
    }

    @Test
    void shouldLetNobodyInUninvited() {
        nat(Action.DROP, gateway.settings.interfaces(), MASQUERADE);
        gateway.policy(Action.DROP, new PolicySettings.Rule("inside", "outside", Set.of(), List.of(),
                Action.ACCEPT));
        assertThat(gateway.fromOutside(answer(OUTSIDE6, 4000))).isEmpty();
    }

    @Test
    void shouldForwardAPortAndTurnBackNeighboursThatAskForIt() {
        nat(new NatSettings.Dnat("outside", Ipv4.PROTOCOL_TCP, 8080, 8080, GatewayFixture.address(NEIGHBOR), 80),
                MASQUERADE);
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, 3000, OUTSIDE6, 8080, Tcp.SYN, 1, 0, "")))
                .containsExactly("inside tcp [2001:db8:77::2]:3000 > [fd77::3]:80");
        assertSealed();
        assertThat(gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, NEIGHBOR, 80, SERVER6, 3000,
                Tcp.SYN | Tcp.ACK, 1, 2, "")))
                .containsExactly("outside tcp [" + OUTSIDE6 + "]:8080 > [2001:db8:77::2]:3000");
        assertSealed();
        assertThat(gateway.fromInside(
                Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 3000, OUTSIDE6, 8080, Tcp.SYN, 1, 0, "")))
                .containsExactly("inside tcp [" + OUTSIDE6 + "]:3000 > [fd77::3]:80");
        assertThat(gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, NEIGHBOR, 80, OUTSIDE6, 3000,
                Tcp.SYN | Tcp.ACK, 1, 2, "")))
                .containsExactly("inside tcp [" + OUTSIDE6 + "]:8080 > [fd77::2]:3000");
        assertSealed();
    }

    @Test
    void shouldAnswerForTheAddressesOfItsPool() {
        nat(new NatSettings.Snat("outside", IpPrefix.parse("fd77::/64"), GatewayFixture.address(POOL),
                GatewayFixture.address("2001:db8:77::ad")));
        gateway.fromInside(question(CLIENT6, 4000));
        String seen = Frames.source(new UnsafeBuffer(gateway.out.getFirst())).toString();
        assertThat(seen).startsWith("2001:db8:77::a");
        assertSealed();
        assertThat(gateway.fromOutside(Frames.ndp(GATEWAY_OUTSIDE, SERVER_MAC, Icmpv6.NEIGHBOR_SOLICITATION, 0,
                SERVER6, IpAddress.parse(seen).solicitedNode().toString(), seen, Ndp.SOURCE_LINK_ADDRESS)))
                .containsExactly("outside icmpv6 136/0 " + seen + " > 2001:db8:77::2");
        assertThat(gateway.fromOutside(answer(seen, 4000)))
                .containsExactly("inside udp [2001:db8:77::2]:53 > [fd77::2]:4000");
        assertThat(gateway.fromOutside(Frames.ndp(GATEWAY_OUTSIDE, SERVER_MAC, Icmpv6.NEIGHBOR_SOLICITATION, 0,
                SERVER6, "ff02::1:ff00:ae", "2001:db8:77::ae", Ndp.SOURCE_LINK_ADDRESS))).isEmpty();
    }

    /** RFC 5508 REQ-3 to 5 for IPv6: what is embedded becomes again what its sender sent, checksum included. */
    @Test
    void shouldTranslateAnErrorAndThePacketInIt() {
        nat(MASQUERADE);
        gateway.fromInside(question(NEIGHBOR, 4000));
        gateway.fromInside(question(CLIENT6, 4000));
        byte[] sent = gateway.out.getFirst();
        assertThat(sentPort()).isNotEqualTo(4000);
        assertThat(gateway.fromOutside(Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, "2001:db8:99::9", OUTSIDE6,
                Icmpv6.UNREACHABLE, Icmpv6.PORT_UNREACHABLE, sent, QUOTED)))
                .containsExactly("inside icmpv6 1/4 2001:db8:99::9 > fd77::2");
        assertSealed();
        assertQuotes(question(CLIENT6, 4000), Udp.CHECKSUM);
    }

    @Test
    void shouldTranslateAnErrorAboutAPing() {
        nat(MASQUERADE);
        byte[] ping = Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, SERVER6, Icmpv6.ECHO_REQUEST, 7);
        gateway.fromInside(Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, NEIGHBOR, SERVER6, Icmpv6.ECHO_REQUEST, 7));
        gateway.fromInside(ping);
        byte[] sent = gateway.out.getFirst();
        assertThat(gateway.fromOutside(Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, "2001:db8:99::9", OUTSIDE6,
                Icmpv6.UNREACHABLE, Icmpv6.PORT_UNREACHABLE, sent, Ipv6.HEADER_LENGTH + Icmp.HEADER_LENGTH)))
                .containsExactly("inside icmpv6 1/4 2001:db8:99::9 > fd77::2");
        assertSealed();
        assertQuotes(ping, Icmp.CHECKSUM);
    }

    /** @param checksum where it stands in the transport header */
    private void assertQuotes(byte[] original, int checksum) {
        UnsafeBuffer error = new UnsafeBuffer(gateway.out.getFirst());
        UnsafeBuffer was = new UnsafeBuffer(original);
        int inner = Frames.l4(error) + Icmp.HEADER_LENGTH;
        assertThat(IpAddress.read(error, inner + Ipv6.SOURCE)).isEqualTo(Frames.source(was));
        assertThat(IpAddress.read(error, inner + Ipv6.DESTINATION)).hasToString(SERVER6);
        int l4 = inner + Ipv6.HEADER_LENGTH;
        assertThat(error.getInt(l4)).as("ports, or type, code and checksum").isEqualTo(was.getInt(Frames.l4(was)));
        assertThat(error.getShort(l4 + checksum)).isEqualTo(was.getShort(Frames.l4(was) + checksum));
    }

    /** RFC 2428: the address and port that EPRT names are those the server can reach. */
    @Test
    void shouldTranslateWhatAHelperReads() {
        nat(MASQUERADE);
        // the port that will be announced is another's
        gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, NEIGHBOR, 40000, SERVER6, 80, Tcp.SYN, 1, 0, ""));
        gateway.fromInside(toServer(Tcp.SYN, 99, 0, ""));
        gateway.fromOutside(toClient(Tcp.SYN | Tcp.ACK, 499, 100, ""));
        gateway.fromInside(toServer(Tcp.ACK, 100, 500, ""));
        gateway.fromOutside(toClient(Tcp.ACK | Tcp.PSH, 500, 100, "220 ready\r\n"));
        gateway.fromInside(toServer(Tcp.ACK | Tcp.PSH, 100, 511, "USER a\r\n"));
        gateway.fromOutside(toClient(Tcp.ACK | Tcp.PSH, 511, 108, "331 password\r\n"));
        gateway.fromInside(toServer(Tcp.ACK | Tcp.PSH, 108, 525, "EPRT |2|fd77::2|40000|\r\n"));
        String text = gateway.out.stream().map(frame -> new String(frame, StandardCharsets.US_ASCII))
                .filter(frame -> frame.contains("EPRT")).findFirst().orElse("");
        assertThat(text).contains("EPRT |2|2001:db8:77:0:0:0:0:1|");
        String[] fields = text.split("\\|");
        int port = Integer.parseInt(fields[fields.length - 2]);
        assertThat(port).isNotEqualTo(40000);
        assertSealed();

        gateway.policy(Action.DROP);
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, 20, OUTSIDE6, port, Tcp.SYN, 1, 0, "")))
                .containsExactly("inside tcp [2001:db8:77::2]:20 > [fd77::2]:40000");
    }

    @Test
    void shouldEndWhatHidBehindAnAddressThatIsGone() {
        nat(MASQUERADE);
        gateway.fromInside(question(CLIENT6, 4000));
        List<InterfaceSettings> now = gateway.settings.interfaces();
        InterfaceSettings was = now.get(1);
        InterfaceSettings next = new InterfaceSettings(was.name(), was.device(), was.driver(),
                List.of(was.addresses().getFirst(), IpPrefix.parse("2001:db8:77::7/64")), was.zone(), was.mtu());

        assertThat(nat(Action.ACCEPT, List.of(now.getFirst(), next), MASQUERADE)).isEqualTo(1);

        assertThat(gateway.fromInside(question(CLIENT6, 4000)))
                .containsExactly("outside udp [2001:db8:77::7]:4000 > [2001:db8:77::2]:53");
    }

    /** An offloading sender leaves the sum of the pseudo header in the field, for the device to complete. */
    @Test
    void shouldKeepAnUnfinishedChecksumUnfinished() {
        nat(MASQUERADE);
        gateway.fromInside(question(NEIGHBOR, 4000));
        gateway.fromInside(question(CLIENT6, 4000));
        for (int i = 0; i < 2; i++) {
            byte[] frame = question(CLIENT6, 4000);
            UnsafeBuffer b = new UnsafeBuffer(new byte[VirtioNetHeader.LENGTH + frame.length]);
            UnsafeBuffer whole = new UnsafeBuffer(frame);
            int l4 = Frames.l4(whole);
            int length = frame.length - l4;
            Udp.checksum(whole, l4, Checksum.fold(Checksum.pseudoHeader(whole, Frames.IP, Ipv4.PROTOCOL_UDP, length)));
            b.putBytes(VirtioNetHeader.LENGTH, frame);
            VirtioNetHeader.needsChecksum(b, VirtioNetHeader.LENGTH, l4, Udp.CHECKSUM);
            assertThat(gateway.inside.offer(b, VirtioNetHeader.LENGTH, frame.length)).isTrue();
            gateway.run();
            UnsafeBuffer sent = new UnsafeBuffer(gateway.out.getFirst());
            assertThat(Udp.checksum(sent, l4))
                    .isEqualTo(Checksum.fold(Checksum.pseudoHeader(sent, Frames.IP, Ipv4.PROTOCOL_UDP, length)));
        }
    }
}
