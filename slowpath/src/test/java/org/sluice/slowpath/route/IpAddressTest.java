package org.sluice.slowpath.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    /** The examples of RFC 5952 sections 1 and 4, as they ought to be written. */
    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::1", "2001:db8::aaaa:0:0:1", "2001:db8:0:1:1:1:1:1", "2001:0:0:1::1", "::", "::1",
            "1::",
            "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1", "fe80::1", "ff02::1:ff00:1", "10.77.0.1", "255.255.255.255"})
    void shouldBeWrittenAsItWasRead(String text) {
        assertThat(IpAddress.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldBeReadAsItWasWritten(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long mask = random.nextLong();
            mask &= random.nextLong();
            IpAddress address = new IpAddress(random.nextLong() & mask,
                    random.nextLong() & mask >>> random.nextInt(64));
            assertThat(IpAddress.parse(address.toString())).as("seed %d", seed).isEqualTo(address);
            assertThat(IpAddress.of(address.toInetAddress())).as("seed %d", seed).isEqualTo(address);
        }
    }

    @Test
    void shouldMakeTheAddressesOfAnInterface() {
        assertThat(IpAddress.linkLocal(0x02_00_5E_10_20_30L)).hasToString("fe80::5eff:fe10:2030");
        assertThat(IpAddress.parse("2001:db8::12:3456").solicitedNode()).hasToString("ff02::1:ff12:3456");
    }

    @Test
    void shouldKnowWhatCanBeForwarded() {
        assertThat(IpAddress.parse("::").isMartianSource()).isTrue();
        assertThat(IpAddress.parse("::1").isMartianDestination()).isTrue();
        assertThat(IpAddress.parse("::192.0.2.1").isMartianSource()).isTrue();
        assertThat(IpAddress.parse("ff0e::1").isMartianSource()).isTrue();
        assertThat(IpAddress.parse("2001:db8::1").isMartianSource()).isFalse();
        assertThat(IpAddress.parse("fe80::1").isLinkLocal()).isTrue();
        assertThat(IpAddress.parse("fec0::1").isLinkLocal()).isFalse();
        assertThat(IpAddress.parse("10.0.0.1").isV4()).isTrue();
    }
}
