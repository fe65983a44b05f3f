package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.trace.TraceFilter;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.view.TraceFeed;
import org.sluice.slowpath.view.TraceView;

/** Each packet's way, as a trace tells it. */
class TraceTest {
    private static final TraceFilter PORT_80 = new TraceFilter(6, null, null, TraceFilter.ANY, 80);

    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private TraceFeed trace(TraceFilter filter) {
        return gateway.slowPath.view().trace(filter);
    }

    private static List<String> hops(TraceView packet) {
        return packet.hops().stream().map(h -> h.step() + " " + h.decision()).toList();
    }

    private static TraceView only(List<TraceView> packets) {
        assertThat(packets).hasSize(1);
        return packets.getFirst();
    }

    private static byte[] out(int port, int flags, int sequence, int acknowledgement, String text) {
        return Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, port, flags, sequence, acknowledgement,
                text);
    }

    private static byte[] back(int port, int flags, int sequence, int acknowledgement, String text) {
        return Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, port, OUTSIDE, 5000, flags, sequence, acknowledgement,
                text);
    }

    private static TraceFilter.Address address(String text) {
        IpAddress address = IpAddress.parse(text);
        return new TraceFilter.Address(address.high(), address.low());
    }

    @Test
    void shouldTellHowAFlowBegins() {
        try (TraceFeed feed = trace(PORT_80)) {
            gateway.fromInside(out(80, Tcp.SYN, 100, 0, ""));
            TraceView first = only(feed.poll());
            assertThat(first.verdict()).isEqualTo("forwarded");
            assertThat(first.reason()).isEmpty();
            assertThat(first.in()).isEqualTo("inside");
            assertThat(first.packet()).isEqualTo("10.77.0.2:5000 > 198.51.100.2:80 tcp SYN seq 100 ack 0");
            assertThat(first.frame()).isEqualTo(HexFormat.of().formatHex(out(80, Tcp.SYN, 100, 0, "")));
            assertThat(hops(first)).containsExactly(
                    "worker gives it to the conductor: no_flow, it belongs to no known flow",
                    "expectation none: no helper announced it", "dnat no rule: the destination stays as it is",
                    "route 198.51.100.0/24 by outside", "policy rule 1: accept, new from inside to outside",
                    "snat rule 2 (masquerade): the source 10.77.0.2 becomes 198.51.100.1:5000",
                    "flow 1 begins; answers come from 198.51.100.2 to 198.51.100.1",
                    "neighbor waits until 198.51.100.2 has told its Ethernet address",
                    "send by outside to ff:ff:ff:ff:ff:ff: arp request who-has 198.51.100.2 tell 198.51.100.1",
                    "send by outside to 02:00:00:00:00:0b: "
                            + "198.51.100.1:5000 > 198.51.100.2:80 tcp SYN seq 100 ack 0");
            assertThat(first.sent()).hasSize(2);
            assertThat(first.sent().getLast().out()).isEqualTo("outside");
            assertThat(first.sent().getLast().frame())
                    .isEqualTo(HexFormat.of().formatHex(gateway.out.getFirst()));
        }
    }

    @Test
    void shouldTellOfTheFastPath() {
        gateway.fromInside(out(80, Tcp.SYN, 100, 0, ""));
        gateway.fromOutside(back(80, Tcp.SYN | Tcp.ACK, 900, 101, ""));
        try (TraceFeed feed = trace(PORT_80)) {
            gateway.fromInside(out(80, Tcp.ACK, 101, 901, ""));
            gateway.fromInside(out(80, Tcp.ACK | Tcp.PSH, 101, 901, "hello"));
            gateway.fromOutside(back(80, Tcp.ACK, 901, 106, ""));
            List<TraceView> packets = new ArrayList<>(feed.poll());
            TraceView last = packets.removeLast();
            assertThat(packets).hasSize(2).allSatisfy(p -> assertThat(p.verdict()).isEqualTo("forwarded"));
            assertThat(hops(last)).containsExactly("flow 1, reply direction, decided when it began",
                    "worker forwards it by what the flow's record says",
                    "send by inside: 198.51.100.2:80 > 10.77.0.2:5000 tcp ACK seq 901 ack 106");
        }
    }

    @Test
    void shouldFindAnswersByTheInsideAddress() {
        gateway.fromInside(Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, Icmp.ECHO_REQUEST, 77));
        try (TraceFeed feed = trace(new TraceFilter(1, address(CLIENT), null, TraceFilter.ANY, TraceFilter.ANY))) {
            gateway.fromOutside(Frames.echo(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, Icmp.ECHO_REPLY, 77));
            assertThat(only(feed.poll()).sent().getLast().packet())
                    .isEqualTo("198.51.100.2 > 10.77.0.2 icmp type 0 code 0 id 77");
        }
    }

    @Test
    void shouldTellWhyAPacketIsDropped() {
        try (TraceFeed feed = trace(TraceFilter.ALL)) {
            gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 4000, OUTSIDE, 22, Tcp.SYN, 1, 0, ""));
            TraceView refused = only(feed.poll());
            assertThat(refused.verdict()).isEqualTo("dropped");
            assertThat(refused.reason()).isEqualTo("policy");
            assertThat(hops(refused)).contains("route to the gateway itself",
                    "policy rule default: drop, new from outside to self", "drop policy: no rule lets it in");
            byte[] cut = out(80, Tcp.SYN, 100, 0, "");
            cut[14] = 0x41;
            gateway.fromInside(cut);
            assertThat(only(feed.poll()).reason()).isEqualTo("ip_malformed");
        }
    }

    @Test
    void shouldTellWhatASenderIsTold() {
        try (TraceFeed feed = trace(TraceFilter.ALL)) {
            gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 4000, INSIDE, 4001, 10));
            TraceView refused = feed.poll().getFirst();
            assertThat(refused.reason()).isEqualTo("not_served");
            assertThat(hops(refused)).contains("icmp tells the sender: no_port");
        }
    }

    @Test
    void shouldTellWhatAHelperAnnouncesAndWhatComesOfIt() {
        gateway.fromInside(out(21, Tcp.SYN, 99, 0, ""));
        gateway.fromOutside(back(21, Tcp.SYN | Tcp.ACK, 499, 100, ""));
        gateway.fromInside(out(21, Tcp.ACK, 100, 500, ""));
        gateway.fromOutside(back(21, Tcp.ACK | Tcp.PSH, 500, 100, "220 hi\r\n"));
        gateway.fromInside(out(21, Tcp.ACK | Tcp.PSH, 100, 508, "USER u\r\n"));
        gateway.fromOutside(back(21, Tcp.ACK, 508, 108, ""));
        try (TraceFeed feed = trace(new TraceFilter(6, address(CLIENT), null, TraceFilter.ANY, TraceFilter.ANY))) {
            gateway.fromInside(out(21, Tcp.ACK | Tcp.PSH, 108, 508, "PORT 10,77,0,2,19,137\r\n"));
            assertThat(hops(only(feed.poll()))).contains(
                    "worker gives it to the conductor: helped, a helper reads its flow", "helper ftp reads it",
                    "helper ftp announces tcp from 198.51.100.2 to 198.51.100.1 port 5001, "
                            + "which leads to 10.77.0.2 port 5001");
            gateway.fromOutside(
                    Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 20, OUTSIDE, 5001, Tcp.SYN, 1, 0, ""));
            assertThat(hops(only(feed.poll()))).contains(
                    "expectation helper ftp announced it in flow 1; it leads to 10.77.0.2:5001",
                    "policy rule related: accept, related from outside to inside");
        }
    }

    @Test
    void shouldTellOfAPacketThatNobodyTakes() {
        gateway.silence(SERVER);
        try (TraceFeed feed = trace(PORT_80)) {
            gateway.fromInside(out(80, Tcp.SYN, 100, 0, ""));
            assertThat(feed.poll()).as("it still waits").isEmpty();
        }
    }

    @Test
    void shouldAllowOneTraceAtATime() {
        TraceFeed first = trace(TraceFilter.ALL);
        assertThatThrownBy(() -> trace(TraceFilter.ALL)).isInstanceOf(IllegalStateException.class)
                .hasMessage("another trace is running; end it first");
        first.close();
        TraceFeed second = trace(TraceFilter.ALL);
        first.close();
        gateway.fromInside(out(80, Tcp.SYN, 100, 0, ""));
        assertThat(second.poll()).as("closing twice ends no other trace").isNotEmpty();
        second.close();
    }

    @Test
    void shouldCountWhatNobodyTakes() {
        gateway.fromInside(out(80, Tcp.SYN, 100, 0, ""));
        gateway.fromOutside(back(80, Tcp.SYN | Tcp.ACK, 900, 101, ""));
        try (TraceFeed feed = trace(PORT_80)) {
            for (int i = 0; i < 10_000; i++) {
                gateway.fromInside(out(80, Tcp.ACK, 101, 901, ""));
            }
            assertThat(feed.lost()).isPositive();
            long told = 0;
            for (int n = feed.poll().size(); n > 0; n = feed.poll().size()) {
                told += n;
            }
            assertThat(told + feed.lost()).isEqualTo(10_000);
        }
    }
}
