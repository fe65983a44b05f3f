package org.sluice.mgmt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.fastpath.linux.Epoll;
import org.sluice.fastpath.port.EpollIdle;
import org.sluice.fastpath.port.Port;
import org.sluice.mgmt.config.Config;
import org.sluice.slowpath.conductor.SlowPath;
import org.sluice.slowpath.helper.HeapWatch;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.journal.JournalSettings;
import org.sluice.slowpath.journal.JournalStore;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.view.GatewayView;

/** A running gateway: opens the ports, makes the tables and starts the threads, in that order. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    /** Each way between all workers and the conductor. */
    private static final int RINGS_BYTES = 8 << 20;
    /** An eighth of a ring is the longest message, so a super-frame fits. */
    private static final int RING_BYTES_LEAST = 1 << 20;
    private static final int JOURNAL_NAP_MS = 2;
    private static final int MEMORY_NAP_MS = 100;
    private static final int REHEARSALS = 300;
    /** Longer than an idle thread stays awake. */
    private static final long REHEARSAL_NANOS = 2 * EpollIdle.DEFAULT_SPIN_NANOS;

    private final List<Port> ports;
    private final SlowPath slowPath;
    private final List<AgentRunner> workerRunners;
    private final AgentRunner conductorRunner;
    private final AgentRunner journalRunner;
    private final AgentRunner memoryRunner;

    private Gateway(List<Port> ports, SlowPath slowPath, List<AgentRunner> workerRunners,
            AgentRunner conductorRunner,
            AgentRunner journalRunner, AgentRunner memoryRunner) {
        this.ports = ports;
        this.slowPath = slowPath;
        this.workerRunners = workerRunners;
        this.conductorRunner = conductorRunner;
        this.journalRunner = journalRunner;
        this.memoryRunner = memoryRunner;
    }

    /** Has the system's functions looked up while the configuration is being read: a gateway that was killed is waited for. */
    static void prepare() {
        Thread thread = new Thread(() -> new Epoll().close(), "prepare");
        thread.setDaemon(true);
        // what is wrong is said where it is needed
        thread.setUncaughtExceptionHandler((t, e) -> LOG.debug("preparing", e));
        thread.start();
    }

    /**
     * Starts forwarding.
     *
     * @throws IOException when a device is not there, a privilege is missing, or a driver is not to be had; nothing is left behind
     */
    public static Gateway start(Config config) throws IOException {
        StartTimes times = StartTimes.ofProcess();
        times.step("program");
        List<Port> ports = new ArrayList<>();
        JournalStore journal = null;
        Future<JournalStore> opening = journal(config);
        try {
            HelperRegistry helpers = new HelperRegistry(config.gateway().helpers());
            boolean goesOn = goesOn(config);
            if (!goesOn) {
                // before the devices are taken: what came meanwhile would wait
                WarmUp warmUp = new WarmUp();
                warmUp.run();
                // of a gateway that goes on, the code has only seen real ports, and others now would have it compiled anew
                warmUp.afterEachCollection();
                times.step("warm-up");
            }
            List<List<Port>> byWorker = Ports.open(config.gateway(), config.workers(), ports);
            times.step("devices");
            journal = opening.get();
            times.step("waiting for the journal");
            return assemble(config.gateway(), ports, byWorker, helpers, journal, goesOn, times);
        } catch (RuntimeException | IOException | InterruptedException | ExecutionException e) {
            CloseHelper.quietCloseAll(ports);
            CloseHelper.quietClose(journal);
            throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
        }
    }

    /** @return whether there may be somebody who waits for the gateway to go on, so that it had better be cold than late. */
    private static boolean goesOn(Config config) {
        return !config.state().equals(Config.NO_STATE)
                && JournalStore.isThere(new JournalSettings(Path.of(config.state())));
    }

    /** Read while the rest is being made ready. @return null where there is to be none */
    private static Future<JournalStore> journal(Config config) {
        FutureTask<JournalStore> opening = new FutureTask<>(() -> config.state().equals(Config.NO_STATE)
                ? null
                : JournalStore.open(new JournalSettings(Path.of(config.state()))));
        Thread thread = new Thread(opening, "journal-reader");
        thread.setDaemon(true);
        thread.start();
        return opening;
    }

    private static Gateway assemble(GatewaySettings settings, List<Port> ports, List<List<Port>> byWorker,
            HelperRegistry helpers, JournalStore journal, boolean goesOn, StartTimes times) {
        List<EpollIdle> workerIdles = byWorker.stream().map(Gateway::idle).toList();
        EpollIdle conductorIdle = new EpollIdle();
        List<Runnable> wakeups = workerIdles.stream().<Runnable>map(idle -> idle::wakeup).toList();
        Engine engine = Engine.assemble(settings, byWorker, helpers, ringBytes(byWorker.size()), wakeups,
                conductorIdle::wakeup, journal == null ? null : journal.journal());
        AgentRunner memoryRunner = start(engine.memory(), MEMORY_NAP_MS);
        times.step("tables");
        if (journal != null) {
            int restored = engine.slowPath().restore(journal.image());
            journal.journal().restored(restored);
            times.step("bringing flows back");
            LOG.info("{} flows go on", restored);
        }
        AgentRunner conductorRunner = start(engine.slowPath().conductor(), conductorIdle, Thread.NORM_PRIORITY);
        List<AgentRunner> workerRunners = new ArrayList<>();
        for (int i = 0; i < workerIdles.size(); i++) {
            workerRunners.add(start(engine.workers().get(i), workerIdles.get(i), Thread.MAX_PRIORITY));
        }
        if (!goesOn) {
            rehearse(workerIdles.getFirst(), conductorIdle);
        }
        times.step("threads");
        engine.slowPath().ready(true);
        LOG.info("forwarding after {}", times);
        AgentRunner journalRunner = journal == null ? null : start(journal.writer(), JOURNAL_NAP_MS);
        return new Gateway(ports, engine.slowPath(), workerRunners, conductorRunner, journalRunner,
                memoryRunner);
    }

    /** Each worker sleeps by itself, until one of its own ports has something. */
    private static EpollIdle idle(List<Port> ports) {
        EpollIdle idle = new EpollIdle();
        for (Port port : ports) {
            idle.watch(port);
        }
        return idle;
    }

    private static int ringBytes(int workers) {
        return Math.max(RING_BYTES_LEAST, Integer.highestOneBit(RINGS_BYTES / workers));
    }

    /** Falling asleep and waking up have code of their own, which the first packet should not have to wait for. */
    private static void rehearse(EpollIdle... idles) {
        for (int i = 0; i < REHEARSALS; i++) {
            for (EpollIdle idle : idles) {
                idle.wakeup();
            }
            LockSupport.parkNanos(REHEARSAL_NANOS);
        }
    }

    /** For what forwarding does not wait for. */
    private static AgentRunner start(Agent agent, int nap) {
        ErrorHandler errors = e -> LOG.error("{} failed and goes on; please report this", agent.roleName(), e);
        AgentRunner runner = new AgentRunner(new SleepingMillisIdleStrategy(nap), errors, null, agent);
        AgentRunner.startOnThread(runner, r -> {
            Thread thread = new Thread(r, agent.roleName());
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            return thread;
        });
        return runner;
    }

    /** @param priority counts where the JVM may set it (-XX:ThreadPriorityPolicy=1, root): established flows before everything */
    private static AgentRunner start(Agent agent, EpollIdle idle, int priority) {
        ErrorHandler errors = e -> LOG.error("{} failed and goes on; please report this", agent.roleName(), e);
        AgentRunner runner = new AgentRunner(idle, errors, null, new Idling(agent, idle));
        AgentRunner.startOnThread(runner, r -> {
            Thread thread = new Thread(r, agent.roleName());
            thread.setDaemon(true);
            thread.setPriority(priority);
            return thread;
        });
        return runner;
    }

    /** Closes the idle strategy on the agent's own thread, which owns it. */
    private record Idling(Agent agent, EpollIdle idle) implements Agent {
        @Override
        public int doWork() throws Exception {
            return agent.doWork();
        }

        @Override
        public void onClose() {
            agent.onClose();
            idle.close();
        }

        @Override
        public String roleName() {
            return agent.roleName();
        }
    }

    /** @return what management asks. */
    public GatewayView view() {
        return slowPath.view();
    }

    /** Stops forwarding and gives the devices back to the kernel. */
    @Override
    public void close() {
        slowPath.ready(false);
        HeapWatch.PROCESS.afterEachNothing();
        CloseHelper.quietClose(memoryRunner);
        // what the conductor has to say last is still to be written
        CloseHelper.quietCloseAll(workerRunners);
        CloseHelper.quietCloseAll(conductorRunner, journalRunner);
        CloseHelper.quietCloseAll(ports);
    }
}
