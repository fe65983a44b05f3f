package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.view.FlowView;

/** One connection from the client inside to the server outside, written segment by segment; numbers begin at 0. */
final class TcpTalk {
    private static final int SERVER_PORT = 80;

    private final GatewayFixture gateway;
    private final int clientPort;

    TcpTalk(GatewayFixture gateway) {
        this(gateway, 5000);
    }

    TcpTalk(GatewayFixture gateway, int clientPort) {
        this.gateway = gateway;
        this.clientPort = clientPort;
    }

    /** @return whether the segment came out on the other side. */
    boolean client(int flags, int sequence, int acknowledgement, int payload) {
        return gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, clientPort, SERVER, SERVER_PORT,
                flags, sequence, acknowledgement, "x".repeat(payload))).size() == 1;
    }

    /** @return whether the segment, of the server or of somebody who pretends to be it, came out on the other side. */
    boolean server(int flags, int sequence, int acknowledgement, int payload) {
        return gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, SERVER_PORT, OUTSIDE, clientPort,
                flags, sequence, acknowledgement, "x".repeat(payload))).size() == 1;
    }

    /** Afterwards the next byte of both sides is number 1. */
    void open() {
        assertThat(client(Tcp.SYN, 0, 0, 0)).isTrue();
        assertThat(server(Tcp.SYN | Tcp.ACK, 0, 1, 0)).isTrue();
        assertThat(client(Tcp.ACK, 1, 1, 0)).isTrue();
        assertThat(state()).isEqualTo("ESTABLISHED");
    }

    /** @return the flow's state, or an empty string when there is none. */
    String state() {
        return gateway.flows().stream().filter(f -> f.original().sport() == clientPort).map(FlowView::state).findFirst()
                .orElse("");
    }

    void assertState(String state) {
        assertThat(gateway.flows()).hasSize(1);
        assertThat(gateway.flows().getFirst().state()).isEqualTo(state);
    }
}
