package org.sluice.slowpath.conductor;

import org.agrona.concurrent.CachedNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.slowpath.conntrack.ExpectationTable;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.helper.HelperHost;
import org.sluice.slowpath.icmp.IcmpErrors;
import org.sluice.slowpath.journal.Image;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.nat.Nat;
import org.sluice.slowpath.packet.Ledger;
import org.sluice.slowpath.policy.Policy;
import org.sluice.slowpath.policy.Sources;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.RouteTable;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.trace.TraceDesk;
import org.sluice.slowpath.trace.Tracer;
import org.sluice.slowpath.view.GatewayView;

/** Puts the slow path together: constructors only, from top to bottom. */
public final class SlowPath {
    private static final Logger LOG = LoggerFactory.getLogger(SlowPath.class);

    private final Tables tables;
    private final Conductor conductor;
    private final ConductorProxy proxy;
    private final HelperHost helpers;
    private final Recorder recorder;
    private final Restorer restorer;

    public SlowPath(SlowPathContext context) {
        GatewaySettings settings = context.settings();
        CachedNanoClock clock = new CachedNanoClock();
        clock.update(System.nanoTime());
        Tracer tracer = new Tracer();
        Ledger ledger = new Ledger(tracer);
        Interfaces interfaces = new Interfaces(settings.interfaces(),
                port -> context.ports().get(port).macAddress());
        RouteTable routes = new RouteTable();
        MappingTable mappings = new MappingTable(context.random(), clock);
        Sources sources = new Sources(context.random());
        Nat nat = new Nat(settings.nat(), interfaces, mappings);
        Flows flows = new Flows(context.flows());
        ExpectationTable expectations = new ExpectationTable(mappings);
        tables = new Tables(interfaces, routes, new Policy(settings.policy(), sources), mappings, nat, flows,
                expectations);
        Workers workers = new Workers(context.workers(), context.flows().capacity());
        Transmitter transmitter = new Transmitter(context.ports()::get, workers, flows, routes, interfaces,
                context.adjacencies(), context.random(), ledger, clock, tracer);
        IcmpErrors icmpErrors = transmitter.icmpErrors();
        helpers = new HelperHost(context.helpers(), flows, expectations, mappings, transmitter::forward,
                transmitter::flowMtu, ledger);
        FlowLife life = new FlowLife(settings, tables, sources, transmitter.neighbors(), workers.dutyCycles(),
                clock,
                helpers::detach);
        FlowJudge judge = new FlowJudge(tables);
        FlowStory story = new FlowStory(tables, tracer);
        helpers.tracer(tracer);
        OwnTraffic ownTraffic = new OwnTraffic(judge, tables.policy(), icmpErrors, transmitter, ledger, clock,
                story);
        NewFlows newFlows = new NewFlows(tables, life, transmitter.neighbors(), icmpErrors, ownTraffic, judge,
                new SourceChecks(interfaces), ledger, clock, story);
        recorder = new Recorder(context.journal(), tables, helpers, clock);
        life.recorder(recorder);
        restorer = new Restorer(tables, life, transmitter.neighbors(), helpers, recorder, ledger, clock);
        CommandQueue commands = new CommandQueue();
        FlowSweep sweep = new FlowSweep(commands, flows, life);
        FlowPaths paths = new FlowPaths(tables, life, transmitter.neighbors(), clock);
        NextHops hops = new NextHops(tables, transmitter.neighbors(), context.ports()::get, paths, sweep, clock);
        conductor = new Conductor(
                new ConductorParts(workers, tables, transmitter, life, newFlows, helpers,
                        commands, ledger, clock, hops, context.journal(), recorder, tracer, story));
        RuleBook rules = new RuleBook(tables, life, helpers, transmitter, hops, context::puntsPerHost);
        rules.fillRoutes(settings);
        context.puntsPerHost(settings.host().punts());
        proxy = new ConductorProxy(commands, rules, helpers, sweep, paths, judge,
                new ViewMaker(context, tables, transmitter.neighbors(), life, helpers, clock),
                new Meters(context, tables, life, helpers, ledger),
                new TraceDesk(tracer, context.workers().stream().map(WorkerLink::worker).toList(),
                        port -> context.ports().get(port).name()));
    }

    /** Conductor's thread. */
    Tables tables() {
        return tables;
    }

    /** Conductor's thread. */
    HelperHost helpers() {
        return helpers;
    }

    /** Brings back what an earlier run has left, and writes down what comes; before the conductor runs. @return how many flows */
    public int restore(Image image) {
        int count = 0;
        try {
            count = restorer.restore(image);
        } catch (RuntimeException e) {
            LOG.error("not everything that the journal holds could be brought back; please report this", e);
        }
        recorder.listen();
        return count;
    }

    /** @return the agent, to be run on one thread. */
    public Conductor conductor() {
        return conductor;
    }

    /** @return what management asks. */
    public GatewayView view() {
        return proxy;
    }

    /** @param wakeup wakes the conductor's thread when it sleeps */
    public void conductorWakeup(Runnable wakeup) {
        proxy.wakeup(wakeup);
    }

    /** Says whether packets are forwarded now. */
    public void ready(boolean ready) {
        proxy.ready(ready);
    }
}
