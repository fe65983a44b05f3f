package org.sluice.perf.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.mgmt.Sluice;
import org.sluice.mgmt.cli.ExitStatus;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final CommandLine sluice = Sluice.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"throughputs | there is no experiment throughputs; there are: memory, udp",
            "--only=vpp | there is no rival vpp; there are: kernel", "--rounds=0 | --rounds is 0; it is at least 1",
            "--seconds=x | Invalid value for option"})
    void shouldSayWhatIsWrong(String argument, String message) {
        assertThat(sluice.execute("bench", argument)).isEqualTo(ExitStatus.WRONG_USAGE);
        assertThat(out.toString()).contains(message);
    }

    @Test
    void shouldListExperimentsAndRivals() {
        assertThat(sluice.execute("bench", "--help")).isZero();
        assertThat(out.toString()).contains("memory", "throughput", "scaling", "testpmd af_xdp", "ovs-dpdk in memory");
    }
}
