package org.sluice.mgmt.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.FlowView.Tuple;
import org.sluice.slowpath.view.InterfaceView;

/** What two samples look like on the screen. */
class WatchScreenTest {
    private static final long SECOND = 1_000_000_000L;

    private static InterfaceView inside(long packets, long bytes) {
        return new InterfaceView("inside", "in0", "inside", List.of("10.77.0.1/24"), "02:00:00:00:00:01", 1500, true,
                Map.of("rx_packets", packets, "rx_bytes", bytes, "tx_packets", 0L, "tx_bytes", 0L));
    }

    private static FlowView flow(int id, int port, long bytes) {
        return new FlowView(id, "tcp", 6, "ESTABLISHED", 60, new Tuple("10.77.0.2", "198.51.100.2", port, 80, 1, bytes),
                new Tuple("198.51.100.2", "198.51.100.1", 80, port, 1, 2 * bytes), true, true, null, -1);
    }

    private static Map<String, Double> counters(double forwarded, double fast, double policy) {
        return Map.of("forwarded", forwarded, "sluice_fastpath_packets_total{worker=\"0\"}", fast,
                "sluice_flows_capacity", 1000.0, "sluice_flows{proto=\"tcp\",state=\"established\"}", 2.0,
                "sluice_flows_created_total", 4.0, "sluice_drops_total{reason=\"policy\"}", policy,
                "sluice_drops_total{reason=\"ttl\"}", 3.0);
    }

    private static final Sample BEFORE = new Sample(0, List.of(inside(100, 1_000)), counters(10, 10, 1),
            List.of(flow(1, 4000, 1_000), flow(2, 4001, 500)), true);
    private static final Sample NOW = new Sample(2 * SECOND, List.of(inside(4_100, 1_001_000)),
            counters(2_010, 1_010, 5),
            List.of(flow(1, 4000, 1_250), flow(2, 4001, 5_500), flow(3, 4002, 0)), true);

    @Test
    void shouldShowWhatHappenedEachSecond() {
        assertThat(WatchScreen.lines("title", Rates.between(BEFORE, NOW, 10), 120, 24)).containsExactly("title",
                "forwarded 1.00k packets/s, 50 % of them on the fast path;  flows 2 of 1000, 0 new/s", "",
                "INTERFACE        STATE  RX packet/s     RX bit/s  TX packet/s     TX bit/s",
                "inside           UP           2.00k        4.00M            0            0", "",
                "DROPPED BECAUSE            packet/s        TOTAL",
                "policy                            2            5",
                "ttl                               0            3", "",
                "FLOW   FROM                         TO                             UP bit/s DOWN bit/s  STATE",
                "tcp    10.77.0.2:4001               198.51.100.2:80                   20.0k      40.0k  ESTABLISHED",
                "tcp    10.77.0.2:4000               198.51.100.2:80                   1.00k      2.00k  ESTABLISHED");
    }

    @Test
    void shouldFitTheScreen() {
        assertThat(WatchScreen.lines("title", Rates.between(BEFORE, NOW, 10), 20, 5)).hasSize(5)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(20));
    }

    @Test
    void shouldNotTakeAnotherFlowForTheOneThatHadItsPlace() {
        Sample next = new Sample(2 * SECOND, NOW.interfaces(), NOW.counters(), List.of(flow(1, 5000, 400)), true);
        assertThat(Rates.between(BEFORE, next, 10).top()).hasSize(1)
                .allSatisfy(t -> assertThat(t.bits()).isEqualTo(4_800));
    }

    @Test
    void shouldCountFromZeroAfterARestart() {
        Sample next = new Sample(2 * SECOND, List.of(inside(10, 100)), counters(0, 0, 0), List.of(), true);
        Rates rates = Rates.between(BEFORE, next, 10);
        assertThat(rates.interfaces().getFirst().rxPackets()).isEqualTo(5);
        assertThat(rates.drops()).extracting(Rates.Drops::reason).containsExactly("ttl");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "7.4,7", "999,999", "1000,1.00k", "12345,12.3k", "999999,1000k", "1234567,1.23M", "5e12,5.00T"})
    void shouldWriteNumbersShort(double value, String text) {
        assertThat(WatchScreen.number(value)).isEqualTo(text);
    }
}
