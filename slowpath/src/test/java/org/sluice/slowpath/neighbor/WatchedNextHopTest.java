package org.sluice.slowpath.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Prefix;
import org.sluice.slowpath.route.Route;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;

/** Next hops that others could take the place of are asked again and again. */
class WatchedNextHopTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MAC = 0x02_00_00_00_00_01L;
    private static final long ROUTER_MAC = 0x02_00_00_00_00_FEL;
    private static final IpAddress ROUTER = IpAddress.parse("198.51.100.254");
    private static final Route ROUTE = new Route(new Prefix(IpAddress.v4(0), 0), ROUTER, 0);
    private final List<IpAddress> down = new ArrayList<>();
    private final Wire wire = new Wire();
    private NeighborTable table;
    private boolean answers = true;
    private long now = Long.MAX_VALUE - 100 * SECOND;

    /** Counts the questions. */
    private static final class Wire implements NeighborTable.Link {
        private int questions;

        @Override
        public long mac(int port) {
            return MAC;
        }

        @Override
        public int mtu(int port) {
            return 1_500;
        }

        @Override
        public void originate(int port, DirectBuffer buffer, int frame, int length) {
            assertThat(Arp.targetIp(buffer, frame + Ethernet.HEADER_LENGTH)).isEqualTo(ROUTER.v4());
            questions++;
        }

        @Override
        public void release(int port, HeldFrame frame) {
            throw new AssertionError("nothing waits");
        }

        @Override
        public void unreachable(HeldFrame frame) {
            throw new AssertionError("nothing waits");
        }
    }

    @BeforeEach
    void make() {
        InterfaceSettings outside = new InterfaceSettings("outside", "outside0", InterfaceSettings.Driver.AF_PACKET,
                List.of(IpPrefix.parse("198.51.100.1/24")), "outside", 0);
        table = new NeighborTable(new AdjacencyTable(16), new Interfaces(List.of(outside), _ -> MAC), wire);
        table.onDown((_, address) -> down.add(address));
        table.watch(List.of(ROUTE), now);
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds * 10; i++) {
            now += SECOND / 10;
            int before = wire.questions;
            table.tick(now);
            if (answers && wire.questions > before) {
                table.learn(0, ROUTER, ROUTER_MAC, false, now);
            }
        }
    }

    @Test
    void shouldBeAskedEveryTwoSecondsThoughNobodyUsesIt() {
        pass(60);
        assertThat(wire.questions).isBetween(25, 31);
        assertThat(table.isDown(0, ROUTER)).isFalse();
        assertThat(down).isEmpty();
    }

    @Test
    void shouldBeReportedOnceWhenItDoesNotAnswer() {
        pass(10);
        answers = false;
        pass(2);
        assertThat(down).as("three questions are waited for").isEmpty();
        pass(4);
        assertThat(down).containsExactly(ROUTER);
        pass(60);
        assertThat(down).containsExactly(ROUTER);
        assertThat(table.isDown(0, ROUTER)).isTrue();
    }

    @Test
    void shouldBeUsedAgainWhenItAnswersAgain() {
        answers = false;
        pass(20);
        answers = true;
        pass(4);
        assertThat(table.isDown(0, ROUTER)).isFalse();
        answers = false;
        pass(10);
        assertThat(down).containsExactly(ROUTER, ROUTER);
    }

    @Test
    void shouldBeForgottenWhenItsRouteIsGone() {
        pass(10);
        table.watch(List.of(), now);
        answers = false;
        pass(40);
        assertThat(down).isEmpty();
        pass(60);
        assertThat(table.entries()).isEmpty();
    }
}
