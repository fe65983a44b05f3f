package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT6;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.INSIDE6;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER6;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ndp;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.view.FlowView;

/** What a gateway does with IPv6. */
class Ipv6ForwardingTest {
    private static final int L4 = Frames.IP + Ipv6.HEADER_LENGTH;
    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private static byte[] out(int payload) {
        return Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 4000, SERVER6, 53, payload);
    }

    private static byte[] back(int payload) {
        return Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, 53, CLIENT6, 4000, payload);
    }

    private static byte[] from(String source, String destination) {
        return Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, source, 4000, destination, 53, 8);
    }

    @Test
    void shouldForwardBothWaysWithoutTranslation() {
        assertThat(gateway.fromInside(out(40))).containsExactly("outside udp [fd77::2]:4000 > [2001:db8:77::2]:53");
        UnsafeBuffer sent = new UnsafeBuffer(gateway.out.getFirst());
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
        assertThat(Ipv6.hopLimit(sent, Frames.IP)).isEqualTo(63);
        assertThat(Ethernet.destination(sent, 0)).isEqualTo(SERVER_MAC);

        assertThat(gateway.fromOutside(back(40))).containsExactly("inside udp [2001:db8:77::2]:53 > [fd77::2]:4000");
        assertThat(gateway.fromOutside(back(40))).hasSize(1);
        assertThat(gateway.meter("sluice_fastpath_packets")).as("once the client's address is known").isEqualTo(1);
    }

    @Test
    void shouldFollowTcp() {
        gateway.fromInside(tcp(Tcp.SYN, 100, 0));
        gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, 80, CLIENT6, 5000, Tcp.SYN | Tcp.ACK, 900,
                101, ""));
        gateway.fromInside(tcp(Tcp.ACK, 101, 901));

        FlowView flow = gateway.flows().getFirst();
        assertThat(flow.state()).isEqualTo("ESTABLISHED");
        assertThat(flow.original().src()).isEqualTo(CLIENT6);
        assertThat(flow.reply().dst()).isEqualTo(CLIENT6);
    }

    private static byte[] tcp(int flags, int sequence, int acknowledgement) {
        return Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 5000, SERVER6, 80, flags, sequence, acknowledgement, "");
    }

    @Test
    void shouldPassPingsAndKeepTheirFlow() {
        byte[] ping = Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, SERVER6, Icmpv6.ECHO_REQUEST, 7);
        byte[] answer = Frames.echo(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, CLIENT6, Icmpv6.ECHO_REPLY, 7);
        assertThat(gateway.fromInside(ping)).containsExactly("outside icmpv6 128/0 fd77::2 > 2001:db8:77::2");
        assertThat(gateway.fromOutside(answer)).containsExactly("inside icmpv6 129/0 2001:db8:77::2 > fd77::2");
        assertThat(gateway.flows()).singleElement().satisfies(f -> {
            assertThat(f.proto()).isEqualTo("icmpv6");
            assertThat(f.original().sport()).isEqualTo(7);
        });
    }

    @Test
    void shouldLetNobodyInWhomNoRuleNames() {
        assertThat(gateway.fromOutside(back(8))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "policy")).isEqualTo(1);
    }

    @Test
    void shouldAnswerPingsAtItsAddressesTheLinkLocalOneToo() {
        assertThat(
                gateway.fromInside(Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, INSIDE6, Icmpv6.ECHO_REQUEST, 1)))
                .containsExactly("inside icmpv6 129/0 fd77::1 > fd77::2");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
        assertThat(gateway.fromInside(Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, "fe80::2", "fe80::ff:fe00:1",
                Icmpv6.ECHO_REQUEST, 1))).containsExactly("inside icmpv6 129/0 fe80::ff:fe00:1 > fe80::2");
    }

    @Test
    void shouldAnswerWhoAsksForItsAddress() {
        byte[] question = Frames.ndp(0x3333_FF00_0001L, CLIENT_MAC, Icmpv6.NEIGHBOR_SOLICITATION, 0, CLIENT6,
                "ff02::1:ff00:1", INSIDE6, Ndp.SOURCE_LINK_ADDRESS);
        assertThat(gateway.fromInside(question)).containsExactly("inside icmpv6 136/0 fd77::1 > fd77::2");
        UnsafeBuffer answer = new UnsafeBuffer(gateway.out.getFirst());
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
        assertThat(Ethernet.destination(answer, 0)).isEqualTo(CLIENT_MAC);
        assertThat(Ndp.flags(answer, L4)).isEqualTo(Ndp.ROUTER | Ndp.SOLICITED | Ndp.OVERRIDE);
        assertThat(Ndp.linkAddress(answer, L4 + Ndp.LENGTH)).isEqualTo(GATEWAY_INSIDE);
    }

    /** RFC 4862 5.4.3: so that the host does not take the gateway's address. */
    @Test
    void shouldTellEverybodyWhenAHostWantsItsAddress() {
        byte[] probe = Frames.ndp(0x3333_FF00_0001L, CLIENT_MAC, Icmpv6.NEIGHBOR_SOLICITATION, 0, "::",
                "ff02::1:ff00:1", INSIDE6, 0);
        assertThat(gateway.fromInside(probe)).containsExactly("inside icmpv6 136/0 fd77::1 > ff02::1");
        assertThat(Ndp.flags(new UnsafeBuffer(gateway.out.getFirst()), L4)).isEqualTo(Ndp.ROUTER | Ndp.OVERRIDE);
    }

    private static byte[] routerSolicitation(String source, int hopLimit, boolean withLinkAddress) {
        byte[] frame = Frames.ip6(0x3333_0000_0002L, CLIENT_MAC, source, "ff02::2", Ipv6.PROTOCOL_ICMP,
                withLinkAddress ? 16 : 8);
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Ipv6.hopLimit(b, Frames.IP, hopLimit);
        Icmp.type(b, L4, Icmpv6.ROUTER_SOLICITATION);
        if (withLinkAddress) {
            Ndp.linkAddress(b, L4 + 8, Ndp.SOURCE_LINK_ADDRESS, CLIENT_MAC);
        }
        return Frames.sealed(frame);
    }

    /** RFC 4861 6.1.1. */
    @Test
    void shouldHearNobodyWhoAsksForARouterInAWrongWay() {
        gateway.fromInside(routerSolicitation("fe80::2", 255, true));
        gateway.fromInside(routerSolicitation("::", 255, false));
        assertThat(gateway.meter("sluice_drops")).isZero();
        gateway.fromInside(routerSolicitation("::", 255, true));
        gateway.fromInside(routerSolicitation("fe80::2", 254, true));
        assertThat(gateway.meter("sluice_drops", "reason", "ndp_malformed")).isEqualTo(2);
    }

    /** RFC 4861 7.1: what a router has passed on, or what is cut or damaged, is not heard. */
    @Test
    void shouldNotHearDiscoveryThatMakesNoSense() {
        byte[] good = Frames.ndp(GATEWAY_INSIDE, CLIENT_MAC, Icmpv6.NEIGHBOR_SOLICITATION, 0, CLIENT6, INSIDE6, INSIDE6,
                Ndp.SOURCE_LINK_ADDRESS);
        byte[] routed = good.clone();
        Ipv6.hopLimit(new UnsafeBuffer(routed), Frames.IP, 254);
        byte[] emptyOption = good.clone();
        emptyOption[L4 + Ndp.LENGTH + 1] = 0;
        byte[] damaged = good.clone();
        damaged[L4 + Ndp.TARGET + 15] ^= 1;
        byte[] group = Frames.ndp(GATEWAY_INSIDE, CLIENT_MAC, Icmpv6.NEIGHBOR_SOLICITATION, 0, CLIENT6, INSIDE6,
                "ff02::1",
                Ndp.SOURCE_LINK_ADDRESS);
        byte[] ours = Frames.ndp(GATEWAY_INSIDE, CLIENT_MAC, Icmpv6.NEIGHBOR_ADVERTISEMENT, Ndp.OVERRIDE, INSIDE6,
                "ff02::1", INSIDE6, Ndp.TARGET_LINK_ADDRESS);
        byte[] mapped = Frames.ndp(GATEWAY_INSIDE, CLIENT_MAC, Icmpv6.NEIGHBOR_ADVERTISEMENT, Ndp.OVERRIDE, CLIENT6,
                "ff02::1", "fd77::9", Ndp.TARGET_LINK_ADDRESS);
        Ipv6.address(new UnsafeBuffer(mapped), L4 + Ndp.TARGET, 0, 0xFFFF_0A4D_0009L);
        for (byte[] bad : Arrays.asList(routed, Frames.sealed(emptyOption), damaged, group, ours,
                Frames.sealed(mapped))) {
            assertThat(gateway.fromInside(bad)).isEmpty();
        }
        assertThat(gateway.meter("sluice_drops", "reason", "ndp_malformed")).isEqualTo(6);
        assertThat(gateway.fromInside(good)).hasSize(1);
    }

    @Test
    void shouldSayWhenANextHopDoesNotAnswer() {
        gateway.silence("2001:db8:77::9");
        gateway.fromInside(from(CLIENT6, "2001:db8:77::9"));
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (gateway.out.isEmpty() && System.nanoTime() < deadline) {
            gateway.run();
        }
        assertThat(Frames.describe(gateway.out.getFirst())).isEqualTo("icmpv6 1/3 fd77::1 > fd77::2");
    }

    @ParameterizedTest
    @CsvSource({"fd77::2, ::1, martian", "::, 2001:db8:77::2, martian", "ff02::5, 2001:db8:77::2, martian",
            "fd77::1, 2001:db8:77::2, martian", "2001:db8:77::7, 2001:db8:88::1, martian",
            "fe80::2, 2001:db8:77::2, martian",
            "fd77::2, fe80::9, martian", "fd77::2, ff02::fb, broadcast", "fd77::2, ff0e::1, broadcast",
            "fd77::2, fd77::2, land", "fd77::2, ::ffff:192.0.2.1, martian"})
    void shouldNotForwardWhatNoRouterDoes(String source, String destination, String reason) {
        byte[] frame = Frames.ip6(GATEWAY_INSIDE, CLIENT_MAC, source,
                destination.startsWith("::ffff") ? "::1" : destination, Ipv4.PROTOCOL_UDP, 8);
        UnsafeBuffer b = new UnsafeBuffer(frame);
        b.putShort(L4 + 4, (short) 8, java.nio.ByteOrder.BIG_ENDIAN);
        if (destination.startsWith("::ffff")) {
            Ipv6.address(b, Frames.IP + Ipv6.DESTINATION, 0, 0xFFFF_C000_0201L);
        }
        assertThat(gateway.fromInside(Frames.sealed(frame))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", reason)).isEqualTo(1);
    }

    @Test
    void shouldSayThatTheHopLimitIsUsedUp() {
        byte[] frame = out(8);
        Ipv6.hopLimit(new UnsafeBuffer(frame), Frames.IP, 1);
        assertThat(gateway.fromInside(frame)).containsExactly("inside icmpv6 3/0 fd77::1 > fd77::2");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
    }

    /** RFC 4443 3.2; nothing of IPv6 is cut on its way. */
    @Test
    void shouldSayThatAPacketIsTooBig() {
        gateway.fromInside(out(8));
        gateway.outside.mtu(1_280);
        assertThat(gateway.fromInside(out(1_300))).containsExactly("inside icmpv6 2/0 fd77::1 > fd77::2");
        UnsafeBuffer error = new UnsafeBuffer(gateway.out.getFirst());
        assertThat(error.getInt(L4 + 4, java.nio.ByteOrder.BIG_ENDIAN)).isEqualTo(1_280);
        assertThat(Ipv6.payloadLength(error, Frames.IP)).isEqualTo(Ipv6.MIN_MTU - Ipv6.HEADER_LENGTH);
    }

    @Test
    void shouldCarryErrorsAboutItsFlowsAndNoOthers() {
        gateway.fromInside(out(40));
        byte[] sent = gateway.out.getFirst();
        byte[] error = Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, "2001:db8:99::1", CLIENT6, Icmpv6.UNREACHABLE,
                Icmpv6.PORT_UNREACHABLE, sent, sent.length - Frames.IP);
        assertThat(gateway.fromOutside(error)).containsExactly("inside icmpv6 1/4 2001:db8:99::1 > fd77::2");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();

        byte[] other = Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, CLIENT6, 4001, SERVER6, 53, 40);
        assertThat(gateway.fromOutside(Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, "2001:db8:99::1", CLIENT6,
                Icmpv6.UNREACHABLE, Icmpv6.PORT_UNREACHABLE, other, other.length - Frames.IP))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "not_a_flow")).isEqualTo(1);
    }

    /** RFC 8200 4.5: the gateway reads the whole, and passes on pieces as large as they came. */
    @Test
    void shouldPassFragmentsOnAsFragments() {
        byte[] whole = out(2_000);
        byte[] second = fragment(whole, 1_232, 776, false);
        byte[] first = fragment(whole, 0, 1_232, true);
        assertThat(gateway.fromInside(second)).isEmpty();
        gateway.fromInside(first);

        assertThat(gateway.out).hasSize(2);
        for (byte[] piece : gateway.out) {
            UnsafeBuffer b = new UnsafeBuffer(piece);
            assertThat(Ipv6.nextHeader(b, Frames.IP)).isEqualTo(Ipv6.FRAGMENT);
            assertThat(Ipv6.identification(b, L4)).isEqualTo(77);
            assertThat(piece).hasSizeLessThanOrEqualTo(first.length);
        }
        assertThat(gateway.flows()).singleElement().satisfies(f -> assertThat(f.original().dport()).isEqualTo(53));
    }

    @Test
    void shouldDropADatagramWhoseFragmentsOverlap() {
        byte[] whole = out(2_000);
        gateway.fromInside(fragment(whole, 0, 1_232, true));
        assertThat(gateway.fromInside(fragment(whole, 1_224, 784, false))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "fragment")).isEqualTo(2);
    }

    private static byte[] fragment(byte[] whole, int offset, int length, boolean more) {
        byte[] piece = new byte[L4 + Ipv6.FRAGMENT_HEADER_LENGTH + length];
        UnsafeBuffer b = new UnsafeBuffer(piece);
        b.putBytes(0, whole, 0, L4);
        Ipv6.nextHeader(b, Frames.IP, Ipv6.FRAGMENT);
        Ipv6.payloadLength(b, Frames.IP, Ipv6.FRAGMENT_HEADER_LENGTH + length);
        Ipv6.fragmentHeader(b, L4, Ipv4.PROTOCOL_UDP, offset | (more ? Ipv6.MORE_FRAGMENTS : 0), 77);
        b.putBytes(L4 + Ipv6.FRAGMENT_HEADER_LENGTH, whole, L4 + offset, length);
        return piece;
    }

    /** RFC 5095: a sender has nothing to prescribe. Other extension headers pass. */
    @Test
    void shouldPassExtensionHeadersButNotSourceRoutes() {
        assertThat(gateway.fromInside(extended(Ipv6.DESTINATION_OPTIONS, 8)))
                .containsExactly("outside 60 fd77::2 > 2001:db8:77::2");
        assertThat(gateway.flows()).singleElement().satisfies(f -> assertThat(f.original().dport()).isEqualTo(53));
        assertThat(gateway.fromInside(extended(Ipv6.ROUTING, 8))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "routing_header")).isEqualTo(1);
        assertThat(gateway.fromInside(extended(Ipv6.DESTINATION_OPTIONS, 2_000))).as("longer than the packet")
                .isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "ip_malformed")).isEqualTo(1);
    }

    private static byte[] extended(int kind, int length) {
        byte[] plain = out(8);
        byte[] frame = new byte[plain.length + 8];
        UnsafeBuffer b = new UnsafeBuffer(frame);
        b.putBytes(0, plain, 0, L4);
        Ipv6.nextHeader(b, Frames.IP, kind);
        Ipv6.payloadLength(b, Frames.IP, frame.length - L4);
        b.putByte(L4, (byte) Ipv4.PROTOCOL_UDP);
        b.putByte(L4 + 1, (byte) (length / 8 - 1));
        b.putBytes(L4 + 8, plain, L4, plain.length - L4);
        return frame;
    }

    @Test
    void shouldRefuseConnectionsToItselfAsAHostWould() {
        assertThat(gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 5000, INSIDE6, 22, Tcp.SYN, 1, 0,
                ""))).containsExactly("inside tcp [fd77::1]:22 > [fd77::2]:5000");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
        assertThat(Tcp.flags(new UnsafeBuffer(gateway.out.getFirst()), L4)).isEqualTo(Tcp.RST | Tcp.ACK);
        assertThat(gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 5000, INSIDE6, 22, 8)))
                .containsExactly("inside icmpv6 1/4 fd77::1 > fd77::2");
        assertThat(Icmp.code(new UnsafeBuffer(gateway.out.getFirst()), L4)).isEqualTo(Icmpv6.PORT_UNREACHABLE);
    }
}
