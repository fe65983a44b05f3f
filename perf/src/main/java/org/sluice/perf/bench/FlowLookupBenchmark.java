package org.sluice.perf.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.perf.memory.EstablishedFlows;

/** One lookup in a full table, of flows in no order. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FlowLookupBenchmark {
    /** Flows in the table, which is as large as they are many. */
    @Param({"1000", "60000", "1000000"})
    public int flows;

    /** How many times the table's flows have ended and been replaced, on average, before. */
    @Param({"0", "10"})
    public int turnover;

    private FlowTable table;
    private Keys present;
    private Keys absent;

    /** Read in order, again and again. */
    private static final class Keys {
        private final long[] words;
        private int at;

        Keys(int[] numbers) {
            words = new long[2 * numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                words[2 * i] = EstablishedFlows.addresses(numbers[i]);
                words[2 * i + 1] = EstablishedFlows.ports(numbers[i], Ipv4.PROTOCOL_UDP);
            }
        }

        int find(FlowTable table) {
            int i = at;
            at = i + 2 == words.length ? 0 : i + 2;
            return table.find(words[i], words[i + 1]);
        }
    }

    @Setup
    public void fill() {
        EstablishedFlows established = new EstablishedFlows(flows, Ipv4.PROTOCOL_UDP);
        established.replace(turnover * flows);
        table = established.table();
        present = new Keys(established.shuffledNumbers());
        int[] numbers = new int[flows];
        for (int i = 0; i < flows; i++) {
            numbers[i] = established.absentNumber(i);
        }
        absent = new Keys(numbers);
    }

    @Benchmark
    public int hit() {
        return present.find(table);
    }

    @Benchmark
    public int miss() {
        return absent.find(table);
    }
}
