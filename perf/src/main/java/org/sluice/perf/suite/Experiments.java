package org.sluice.perf.suite;

import java.util.List;

/** All experiments, in the order in which they run. */
final class Experiments {
    static final List<Experiment> ALL = List.of(new MemoryExperiment(), new UdpExperiment(), new FlowsExperiment(),
            new ThroughputExperiment(), new TcpExperiment(), new SetupExperiment(),
            new ConnectionsExperiment(), new EstablishmentExperiment(), new ScalingExperiment(),
            new LatencyExperiment());

    private Experiments() {}

    static List<String> names() {
        return ALL.stream().map(Experiment::name).toList();
    }
}
