package org.sluice.perf.suite.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What other programs print, and what is made of it. */
class OutputsTest {

    @Test
    void shouldReadTheRateThatIperfReceived() {
        assertThat(IperfStream.bitsPerSecond("""
                {"start": {}, "intervals": [], "end": {"sum_sent": {"bits_per_second": 9e9},
                 "sum_received": {"seconds": 5.0, "bytes": 5, "bits_per_second": 8123456789.5}}}"""))
                .isEqualTo(8_123_456_789.5);
        assertThatThrownBy(() -> IperfStream.bitsPerSecond("""
                {"start": {},
                 "error": "unable to connect to server"}""")).hasMessageContaining("unable to connect");
    }

    @Test
    void shouldReadPingsRoundTrips() {
        assertThat(Ping.times("""
                PING 198.51.100.2 (198.51.100.2) 56(84) bytes of data.
                64 bytes from 198.51.100.2: icmp_seq=1 ttl=63 time=0.125 ms
                64 bytes from 198.51.100.2: icmp_seq=3 ttl=63 time=2 ms

                --- 198.51.100.2 ping statistics ---
                3 packets transmitted, 2 received, 33% packet loss, time 2003ms
                """)).containsExactly(125.0, 2_000.0);
    }
}
