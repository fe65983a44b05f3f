package org.sluice.mgmt;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.linux.RealTimeClock;
import org.sluice.fastpath.port.AfPacketPort;
import org.sluice.fastpath.port.EpollIdle;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.worker.Worker;
import org.sluice.fastpath.worker.WorkerContext;
import org.sluice.mgmt.config.Config;
import org.sluice.slowpath.conductor.SlowPath;
import org.sluice.slowpath.conductor.SlowPathContext;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.view.GatewayView;

/** A running gateway: opens the ports, makes the tables and starts the threads, in that order. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    /** Each way between worker and conductor; an eighth of it is the longest message, so a super-frame fits. */
    private static final int RING_BYTES = 8 << 20;
    private static final int NEIGHBORS = 4096;
    private static final int LATENCY_DIGITS = 3;

    private final List<Port> ports;
    private final SlowPath slowPath;
    private final AgentRunner workerRunner;
    private final AgentRunner conductorRunner;

    private Gateway(List<Port> ports, SlowPath slowPath, AgentRunner workerRunner, AgentRunner conductorRunner) {
        this.ports = ports;
        this.slowPath = slowPath;
        this.workerRunner = workerRunner;
        this.conductorRunner = conductorRunner;
    }

    /**
     * Starts forwarding.
     *
     * @throws IOException when a device is not there, a privilege is missing, or a driver is not to be had; nothing is left behind
     */
    public static Gateway start(Config config) throws IOException {
        List<Port> ports = new ArrayList<>();
        try {
            HelperRegistry helpers = new HelperRegistry(config.gateway().helpers());
            openPorts(config.gateway(), ports);
            if (config.workers() > 1) {
                LOG.warn("workers: {} are asked for; this version forwards with one", config.workers());
            }
            return assemble(config.gateway(), ports, helpers);
        } catch (RuntimeException | IOException e) {
            CloseHelper.quietCloseAll(ports);
            throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
        }
    }

    private static void openPorts(GatewaySettings settings, List<Port> ports) throws IOException {
        for (InterfaceSettings s : settings.interfaces()) {
            if (s.driver() != InterfaceSettings.Driver.AF_PACKET) {
                throw new IOException(
                        "interface " + s.name() + ": the driver " + s.driver().name().toLowerCase(Locale.ROOT)
                                + " is not in this version; use af_packet");
            }
            AfPacketPort port = AfPacketPort.open(ports.size(), s.name(), s.device(), AfPacketPort.Options.DEFAULT);
            ports.add(port);
            if (s.mtu() > 0) {
                port.limitMtu(s.mtu());
            }
            LOG.info("interface {}: device {}, {}", s.name(), s.device(), port.bypassDescription());
            if (s.addresses().stream().anyMatch(a -> !a.isIpv4())) {
                LOG.warn("interface {}: IPv6 is not forwarded by this version; its IPv6 addresses are not used",
                        s.name());
            }
        }
    }

    private static Gateway assemble(GatewaySettings settings, List<Port> ports, HelperRegistry helpers) {
        SecureRandom random = new SecureRandom();
        FlowTable flows = new FlowTable(settings.capacity(), random);
        AdjacencyTable adjacencies = new AdjacencyTable(NEIGHBORS);
        RingBuffer puntRing = ring();
        RingBuffer injectRing = ring();
        EpollIdle workerIdle = new EpollIdle();
        EpollIdle conductorIdle = new EpollIdle();
        for (Port port : ports) {
            for (int descriptor : port.fileDescriptors()) {
                workerIdle.watch(descriptor);
            }
        }
        SingleWriterRecorder latency = new SingleWriterRecorder(WorkerContext.MAX_LATENCY_NS, LATENCY_DIGITS);
        Worker worker = new Worker(new WorkerContext(0, ports, flows, adjacencies, puntRing, injectRing,
                conductorIdle::wakeup, new RealTimeClock()::now, latency));
        SlowPath slowPath = new SlowPath(
                new SlowPathContext(settings, ports, flows, adjacencies, worker, puntRing, injectRing,
                        workerIdle::wakeup, latency, helpers, random));
        slowPath.conductorWakeup(conductorIdle::wakeup);
        AgentRunner conductorRunner = start(slowPath.conductor(), conductorIdle);
        AgentRunner workerRunner = start(worker, workerIdle);
        slowPath.ready(true);
        return new Gateway(ports, slowPath, workerRunner, conductorRunner);
    }

    private static RingBuffer ring() {
        return new OneToOneRingBuffer(OffHeap.allocate(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH));
    }

    private static AgentRunner start(Agent agent, EpollIdle idle) {
        ErrorHandler errors = e -> LOG.error("{} failed and goes on; please report this", agent.roleName(), e);
        AgentRunner runner = new AgentRunner(idle, errors, null, new Idling(agent, idle));
        AgentRunner.startOnThread(runner, r -> {
            Thread thread = new Thread(r, agent.roleName());
            thread.setDaemon(true);
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
        CloseHelper.quietCloseAll(workerRunner, conductorRunner);
        CloseHelper.quietCloseAll(ports);
    }
}
