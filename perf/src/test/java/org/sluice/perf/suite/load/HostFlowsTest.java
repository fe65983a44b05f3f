package org.sluice.perf.suite.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sluice.perf.gen.frame.TupleSpace;

class HostFlowsTest {

    @Test
    void shouldEnumerateEachPairOnce() {
        TupleSpace tuples = new TupleSpace(HostFlows.of(70_000));

        assertThat(IntStream.range(0, 70_000).mapToObj(number -> {
            tuples.select(number);
            return tuples.sourcePort() + " " + tuples.destinationPort();
        }).distinct()).hasSize(70_000);
    }

    @Test
    void shouldStayWithThePortsOnWhichHostsAreSilent() {
        TupleSpace tuples = new TupleSpace(HostFlows.of(1_000_000));

        assertThat(IntStream.range(0, 1_000_000).map(number -> {
            tuples.select(number);
            return tuples.destinationPort();
        })).allMatch(port -> port >= 9 && port < 5_000);
    }
}
