package org.sluice.perf.gen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.mgmt.Sluice;
import picocli.CommandLine;

/** {@code sluice gen} as a command line. */
class GenCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int sluice(String... arguments) {
        CommandLine line = Sluice.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    @Test
    void shouldBeACommandOfSluice() {
        assertThat(sluice("gen", "--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: sluice gen").contains("--new-flows", "--sink-netns",
                "imix stands for");
        assertThat(sluice("--help")).isZero();
        assertThat(out.toString()).contains("Generates packets, and counts those that arrive.");
        assertThat(sluice("completion")).isZero();
        assertThat(out.toString()).contains("_picocli_sluice_gen");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gen                                | Missing required option: '--device=DEVICE'
            gen -d x --rate fast               | "fast" is not a rate
            gen -d x --size small              | neither imix nor sizes
            gen -d x --size 60                 | sizes are from 64
            gen -d x --flows 100000            | only 64512 combinations; widen a range
            gen -d x --from here               | "here" is not an address
            gen -d x --to 2001:db8::1          | different families
            gen -d x --gateway nobody          | "nobody" is not an address
            gen -d x --proto sctp              | "sctp" is not known to --proto
            gen -d x --driver dpdk             | "dpdk" is not known to --driver
            gen -d x --proto tcp -s 64 --latency | too small for these headers and a stamp; the smallest size is 76
            gen -d x --pcap f --gateway 198.18.0.1 | with --pcap, --gateway has to be a MAC address
            gen -d x --pcap f --speed 0        | more than nothing
            gen -d x --duration soon           | "soon" is not a time
            gen -d x --count=-1 -t 1s            | "-1" is not a number for --count
            gen -d x --flows 0                 | flows are from 1
            gen -d x --flows 100g              | flows are from 1
            gen -d x --new-flows many          | "many" is not a number for --new-flows
            """)
    void shouldEndWithTwoOnWrongUsage(String arguments, String hint) {
        assertThat(sluice(arguments.split(" "))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("sluice: ").contains(hint).doesNotContain("Exception");
    }

    @Test
    void shouldEndWithOneWithoutTheDevice() {
        assertThat(sluice("gen", "-d", "no-such-device")).isEqualTo(1);
        assertThat(err.toString()).startsWith("sluice: ").contains("no-such-device");
    }

    @ParameterizedTest
    @CsvSource({"10s,10000", "500ms,500", "1.5m,90000", "2h,7200000", "7,7000", "1d,86400000"})
    void shouldReadTimes(String text, long millis) {
        assertThat(GenCommand.duration(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0s", "-1s", "1w", "s"})
    void shouldRefuseOtherTimes(String text) {
        assertThatThrownBy(() -> GenCommand.duration(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
