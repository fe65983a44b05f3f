package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT6;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER6;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NextHop;
import org.sluice.slowpath.settings.RouteSettings;

/** The gateway's addresses and routes change while flows are alive. */
class AddressChangeTest {
    private static final String FAR = "203.0.113.9";
    private static final String FIRST = "198.51.100.254";
    private static final String SECOND = "198.51.100.253";
    private static final int HOSTS = 20;
    private static final long SECOND_MAC = 0x0200_0000_0253L;
    private final GatewayFixture gateway = new GatewayFixture();

    @BeforeEach
    void theSecondRouterHasAnEthernetAddressOfItsOwn() {
        gateway.mac(SECOND, SECOND_MAC);
    }

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    /** @param outside addresses with the lengths of their links. @return how many flows were ended */
    private int renumber(String... outside) {
        return reload(gateway.settings.routes(), outside);
    }

    private int reload(List<RouteSettings> routes, String... outside) {
        GatewaySettings now = gateway.settings;
        InterfaceSettings was = now.interfaces().get(1);
        InterfaceSettings next = new InterfaceSettings(was.name(), was.device(), was.driver(),
                Stream.of(outside).map(IpPrefix::parse).toList(), was.zone(), was.mtu());
        return gateway.reload(new GatewaySettings(List.of(now.interfaces().getFirst(), next), routes, now.nat(),
                now.policy(), now.helpers(), now.capacity(), Map.of()));
    }

    private static RouteSettings byDefault(String... vias) {
        return new RouteSettings(IpPrefix.parse("0.0.0.0/0"),
                Stream.of(vias).map(GatewayFixture::address).map(NextHop::new).toList());
    }

    private static byte[] question(int port, String server) {
        return Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, port, server, 53, 20);
    }

    /** @return the Ethernet address that the packet is sent on to. */
    private long nextHop(byte[] frame) {
        gateway.fromInside(frame);
        return Ethernet.destination(new UnsafeBuffer(gateway.out.getFirst()), 0);
    }

    private long ended(String reason) {
        return gateway.meter("sluice_flows_ended", "reason", reason);
    }

    @Test
    void shouldMasqueradeAsTheNewAddressAtOnceAndEndWhatHadTheOldOne() {
        gateway.fromInside(question(1000, SERVER));

        assertThat(renumber("198.51.100.7/24", "2001:db8:77::1/64")).isEqualTo(1);

        assertThat(ended("address_gone")).isEqualTo(1);
        assertThat(gateway.fromInside(question(1000, SERVER)))
                .containsExactly("outside udp 198.51.100.7:1000 > 198.51.100.2:53");
        assertThat(gateway.fromOutside(Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 53, "198.51.100.1", 1000, 9)))
                .as("nobody has the old address").isEmpty();
    }

    @Test
    void shouldLetWhatDoesNotUseTheAddressGoOn() {
        gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, 1000, SERVER6, 53, 20));
        renumber("198.51.100.1/24", "198.51.100.9/24", "2001:db8:77::1/64");
        gateway.fromInside(question(1000, SERVER));
        byte[] syn = Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 3000, "198.51.100.9", 21, Tcp.SYN, 1, 0, "");
        assertThat(gateway.fromOutside(syn)).hasSize(1);

        assertThat(renumber("198.51.100.9/24", "2001:db8:77::1/64")).isEqualTo(1);

        assertThat(gateway.flows()).hasSize(2)
                .noneMatch(flow -> flow.reply().dst().equals("198.51.100.1"))
                .anyMatch(flow -> flow.original().dst().equals("198.51.100.9"))
                .anyMatch(flow -> flow.original().dst().equals(SERVER6));
    }

    @Test
    void shouldTellTheLinkOfTheNewAddress() {
        renumber("198.51.100.7/24");

        assertThat(gateway.announced).containsExactly("198.51.100.7");
    }

    @Test
    void shouldForwardThePortOfTheNewAddressOnly() {
        renumber("198.51.100.7/24");

        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 3000, "198.51.100.7", 21, Tcp.SYN, 1, 0, "")))
                .containsExactly("inside tcp 198.51.100.2:3000 > 10.77.0.20:21");
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 3001, "198.51.100.1", 21, Tcp.SYN, 1, 0, "")))
                .noneMatch(frame -> frame.startsWith("inside"));
    }

    @Test
    void shouldSendLiveFlowsByTheNewRoute() {
        assertThat(nextHop(question(1000, FAR))).isEqualTo(SERVER_MAC);

        assertThat(reload(List.of(byDefault(SECOND)), "198.51.100.1/24")).isZero();

        assertThat(nextHop(question(1000, FAR))).isEqualTo(SECOND_MAC);
    }

    @Test
    void shouldEndFlowsThatNoRouteLeadsOn() {
        gateway.fromInside(question(1000, FAR));
        gateway.fromInside(question(1001, SERVER));

        assertThat(reload(List.of(), "198.51.100.1/24")).isEqualTo(1);

        assertThat(ended("path_gone")).isEqualTo(1);
        assertThat(gateway.flows()).hasSize(1);
    }

    @Test
    void shouldSpreadHostsOverEqualRoutesAndKeepEachFlowOnItsOwn() {
        reload(List.of(byDefault(FIRST, SECOND)), "198.51.100.1/24");
        Map<Integer, Long> taken = new HashMap<>();
        for (int host = 1; host <= HOSTS; host++) {
            taken.put(host, nextHop(question(1000, "203.0.113." + host)));
        }
        assertThat(taken.values()).contains(SERVER_MAC, SECOND_MAC);

        reload(List.of(byDefault("198.51.100.252", SECOND, FIRST)), "198.51.100.1/24");

        for (int host = 1; host <= HOSTS; host++) {
            assertThat(nextHop(question(1000, "203.0.113." + host))).as("host %d", host).isEqualTo(taken.get(host));
        }
    }

    @Test
    void shouldTakeTheOtherRouteWhenOneIsTakenAway() {
        reload(List.of(byDefault(FIRST, SECOND)), "198.51.100.1/24");
        for (int host = 1; host <= HOSTS; host++) {
            nextHop(question(1000, "203.0.113." + host));
        }

        assertThat(reload(List.of(byDefault(SECOND)), "198.51.100.1/24")).isZero();

        for (int host = 1; host <= HOSTS; host++) {
            assertThat(nextHop(question(1000, "203.0.113." + host))).isEqualTo(SECOND_MAC);
        }
    }
}
