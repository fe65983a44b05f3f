package org.sluice.perf.gen.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a load can say, and what doesn't fit together. */
class LoadTest {
    private static Endpoints endpoints(String text) {
        return Endpoints.parse(text, Load.UNPRIVILEGED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            198.18.0.1                     | 198.18.0.1  | 1          | 1024 | 65535
            198.18.0.1:53                  | 198.18.0.1  | 1          | 53   | 53
            198.18.0.1-198.18.1.0:5-7      | 198.18.0.1  | 256        | 5    | 7
            198.18.0.0/15                  | 198.18.0.0  | 131072     | 1024 | 65535
            0.0.0.0/0                      | 0.0.0.0     | 4294967296 | 1024 | 65535
            2001:db8::1                    | 2001:db8::1 | 1          | 1024 | 65535
            [2001:db8::1-2001:db8::ff]:80  | 2001:db8::1 | 255        | 80   | 80
            [2001:db8::/112]               | 2001:db8::  | 65536      | 1024 | 65535
            """)
    void shouldReadEndpoints(String text, String first, long count, int firstPort, int lastPort) {
        Endpoints e = endpoints(text);
        assertThat(e.addresses()).isEqualTo(new AddressRange(AddressRange.parse(first).first(), count));
        assertThat(e.ports()).isEqualTo(new PortRange(firstPort, lastPort));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "here", "198.18.0.1:", "198.18.0.1:70000", "198.18.0.1:9-5", "198.18.0.2-198.18.0.1",
            "198.18.0.1/15", "198.18.0.0/33", "2001:db8::/64", "198.18.0.1-2001:db8::1", "[2001:db8::1",
            "[2001:db8::1]80",
            "2001:db8::1-2001:db9::1", "198.18.0.1/x"})
    void shouldRefuseOtherEndpoints(String text) {
        assertThatThrownBy(() -> endpoints(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"");
    }

    @Test
    void shouldKnowWhichAddressesAreInARange() {
        AddressRange range = AddressRange.parse("198.18.0.5-198.18.0.7");
        assertThat(range.contains(0, range.low())).isTrue();
        assertThat(range.contains(0, range.low() + 2)).isTrue();
        assertThat(range.contains(0, range.low() + 3)).isFalse();
        assertThat(range.contains(0, range.low() - 1)).isFalse();
        assertThat(range.contains(1, range.low())).isFalse();
    }

    @Test
    void shouldSpreadTheSimpleImix() {
        List<Integer> imix = FrameSizes.parse("imix").sequence();
        assertThat(imix).hasSize(12);
        assertThat(Collections.frequency(imix, 64)).isEqualTo(7);
        assertThat(Collections.frequency(imix, 594)).isEqualTo(4);
        assertThat(Collections.frequency(imix, 1_518)).isEqualTo(1);
        assertThat(imix.indexOf(1_518)).as("not at an end, but among the others").isBetween(3, 8);
        assertThat(FrameSizes.IMIX.mean()).isEqualTo((7 * 64 + 4 * 594 + 1_518) / 12.0);
        assertThat(FrameSizes.parse("128,64*2").sequence()).containsExactlyInAnyOrder(64, 128, 64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "63", "70000", "64,", "64*0", "64*2000", "big", "64;128"})
    void shouldRefuseOtherSizes(String text) {
        assertThatThrownBy(() -> FrameSizes.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"1000,1000", "1k,1000", "1.5m,1500000", "2kpps,2000", "672bit,1", "1mbit,1488.095", "1Gbps,1488095.238",
            "max,Infinity"})
    void shouldReadRatesOfSmallestFrames(String text, double packets) {
        double size = 84; // its 672 bits
        assertThat(Rate.parse(text).packetsPerSecond(size)).isCloseTo(packets,
                Percentage.withPercentage(0.001));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "fast", "1x", "1 k"})
    void shouldRefuseOtherRates(String text) {
        assertThatThrownBy(() -> Rate.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSayWhatDoesNotFitTogether() {
        Load load = Load.between(endpoints("198.18.0.1:1-10"), endpoints("198.19.0.1-198.19.0.2:9"));
        assertThat(load.tuples()).isEqualTo(20);
        assertThat(load.flows(20).flows()).isEqualTo(20);
        assertThatThrownBy(() -> load.flows(21)).hasMessageContaining("only 20 combinations");
        assertThatThrownBy(() -> load.flows(0)).hasMessageContaining("flows are from 1");
        assertThatThrownBy(() -> Load.between(endpoints("198.18.0.1"), endpoints("2001:db8::1")))
                .hasMessageContaining("different families");
        assertThatThrownBy(() -> load.protocol(Protocol.TCP))
                .hasMessageContaining("too small for these headers and a stamp; the smallest size is 76");
        assertThat(load.stamped(false).protocol(Protocol.TCP).sizes().largest()).isEqualTo(64);
    }
}
