package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.slowpath.settings.NatSettings;

/** ICMP errors and queries through the address translation, RFC 5508. */
class IcmpErrorTest {
    private static final String NEIGHBOR = "10.77.0.3";
    private static final String ROUTER_INSIDE = "10.77.0.9";
    private static final int QUOTED = 28;

    private final GatewayFixture gateway = new GatewayFixture(1_000, Map.of(),
            List.of(new NatSettings.Masquerade("outside")));

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private List<String> say(String from, int port, String to, int toPort) {
        return gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, from, port, to, toPort, 20));
    }

    private List<String> answer(int port) {
        return gateway.fromOutside(Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 53, OUTSIDE, port, 20));
    }

    private List<String> errorFromOutside(String from, int type, int code, byte[] about) {
        return gateway.fromOutside(
                Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, from, OUTSIDE, type, code, about, QUOTED));
    }

    /** @return the packet within an ICMP error, described */
    private static String about(byte[] error) {
        byte[] embedded = new byte[Frames.IP + QUOTED];
        System.arraycopy(error, Frames.L4 + Icmp.HEADER_LENGTH, embedded, Frames.IP, QUOTED);
        return Frames.describe(embedded);
    }

    /** REQ-8, and RFC 4787 REQ-12: whatever an error says, the flow and its mapping stay. */
    @ParameterizedTest
    @CsvSource({"3,0", "3,1", "3,2", "3,3", "3,13", "11,0", "11,1", "12,0"})
    void shouldCarryAnErrorAndKeepTheFlow(int type, int code) {
        say(CLIENT, 4000, SERVER, 53);
        byte[] sent = gateway.out.getFirst();
        answer(4000);

        assertThat(errorFromOutside("198.51.100.254", type, code, sent))
                .containsExactly("inside icmp " + type + "/" + code + " 198.51.100.254 > 10.77.0.2");
        assertThat(about(gateway.out.getFirst())).isEqualTo("udp 10.77.0.2:4000 > 198.51.100.2:53");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
        assertThat(answer(4000)).containsExactly("inside udp 198.51.100.2:53 > 10.77.0.2:4000");
        assertThat(gateway.flows()).hasSize(1);
    }

    /** REQ-5: an error from inside, about what came from outside, leaves with the outside address, and so does what it quotes. */
    @ParameterizedTest
    @CsvSource({CLIENT, ROUTER_INSIDE})
    void shouldCarryAnErrorFromInsideToTheServer(String from) {
        say(CLIENT, 4000, SERVER, 53);
        answer(4000);
        byte[] received = gateway.out.getFirst();

        assertThat(gateway.fromInside(Frames.icmpError(GATEWAY_INSIDE, CLIENT_MAC, from, SERVER, Icmp.UNREACHABLE, 3,
                received, QUOTED))).containsExactly("outside icmp 3/3 198.51.100.1 > 198.51.100.2");
        assertThat(about(gateway.out.getFirst())).isEqualTo("udp 198.51.100.2:53 > 198.51.100.1:4000");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
    }

    /** REQ-3: what has a wrong checksum of its own is dropped; that of the quoted packet, which is cut, can't be judged. */
    @Test
    void shouldDropAnErrorWithAWrongChecksum() {
        say(CLIENT, 4000, SERVER, 53);
        byte[] error = Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, Icmp.UNREACHABLE, 3,
                gateway.out.getFirst(), QUOTED);
        error[Frames.L4 + 2] ^= 1;
        assertThat(gateway.fromOutside(error)).isEmpty();
    }

    /** REQ-6: two hosts inside that speak by their outside endpoints. */
    @Test
    void shouldCarryAnErrorAboutAHairpinToItsSender() {
        say(CLIENT, 4000, SERVER, 53);
        say(NEIGHBOR, 5000, SERVER, 53);
        say(CLIENT, 4000, OUTSIDE, 5000);
        byte[] received = gateway.out.getFirst();
        assertThat(Frames.describe(received)).isEqualTo("udp 198.51.100.1:4000 > 10.77.0.3:5000");

        assertThat(gateway.fromInside(Frames.icmpError(GATEWAY_INSIDE, CLIENT_MAC, NEIGHBOR, OUTSIDE, Icmp.UNREACHABLE,
                3, received, QUOTED))).containsExactly("inside icmp 3/3 198.51.100.1 > 10.77.0.2");
        assertThat(about(gateway.out.getFirst())).isEqualTo("udp 10.77.0.2:4000 > 198.51.100.1:5000");
    }

    /** REQ-1: every host inside may query, with identifiers that others use too. */
    @Test
    void shouldTellQueriesOfTheSameIdentifierApart() {
        List<String> first = gateway
                .fromInside(Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, Icmp.ECHO_REQUEST, 7));
        int one = Icmp.identifier(new UnsafeBuffer(gateway.out.getFirst()), Frames.L4);
        gateway.fromInside(Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, NEIGHBOR, SERVER, Icmp.ECHO_REQUEST, 7));
        int other = Icmp.identifier(new UnsafeBuffer(gateway.out.getFirst()), Frames.L4);
        assertThat(first).hasSize(1);
        assertThat(one).isEqualTo(7).isNotEqualTo(other);

        assertThat(gateway.fromOutside(
                Frames.echo(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, Icmp.ECHO_REPLY, other))).hasSize(1)
                .first().asString().endsWith("> 10.77.0.3");
        assertThat(Icmp.identifier(new UnsafeBuffer(gateway.out.getFirst()), Frames.L4)).isEqualTo(7);
    }

    /** REQ-7: a host that pings the outside address is answered. */
    @Test
    void shouldAnswerAPingToTheOutsideAddressFromInside() {
        assertThat(gateway.fromInside(
                Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, OUTSIDE, Icmp.ECHO_REQUEST, 7))).hasSize(1)
                .first().asString().startsWith("inside icmp 0/0 198.51.100.1 > 10.77.0.2");
    }
}
