package org.sluice.slowpath.conductor;

import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.sluice.fastpath.worker.DutyCycles;

/**
 * The conductor's side of all workers. A packet leaves through the worker that it came by, behind what that worker has sent of the same
 * direction of its flow. What comes of nothing received leaves through the first one. Conductor.
 */
final class Workers {
    /** Through which the gateway speaks by itself. */
    private static final int FIRST = 0;
    /** Of a ring at a time, so that a worker with much to say holds nobody up. */
    private static final int LEAST = 8;

    private final WorkerProxy[] proxies;
    private final RingBuffer[] punts;
    private final DutyCycles dutyCycles;
    /** By flow id: the worker that this direction of a flow that a helper reads came by last. */
    private final byte[] homes;
    private int current = FIRST;
    private int next;

    /** @param capacity of the flow table */
    Workers(List<WorkerLink> links, int capacity) {
        proxies = links.stream().map(l -> new WorkerProxy(l.injectRing(), l.wakeup())).toArray(WorkerProxy[]::new);
        punts = links.stream().map(WorkerLink::puntRing).toArray(RingBuffer[]::new);

        dutyCycles = new DutyCycles(links.stream().map(l -> l.worker().dutyCycle()).toList());
        homes = new byte[links.size() == 1 ? 0 : 2 * (capacity + 1)];
    }

    /** @return tells when a freed record has rested. */
    DutyCycles dutyCycles() {
        return dutyCycles;
    }

    /** Takes punted frames, each time from another worker first. @param limit of frames in all. @return how many */
    int poll(MessageHandler handler, int limit) {
        int each = Math.max(LEAST, limit / punts.length);
        int work = 0;
        for (int i = 0; i < punts.length; i++) {
            current = next + i < punts.length ? next + i : next + i - punts.length;
            work += punts[current].read(handler, each);
        }
        next = next + 1 < punts.length ? next + 1 : 0;
        current = FIRST;
        return work;
    }

    /** @return the worker that frames leave through now. */
    int current() {
        return current;
    }

    /** Frames leave through another worker from now on. @return through which they left until now, to be given back here */
    int turnTo(int worker) {
        int before = current;
        current = worker;
        return before;
    }

    /** The packet being dealt with is one of this direction of a flow, which a helper reads. */
    void settle(int flow) {
        if (homes.length > 0) {
            homes[flow] = (byte) current;
        }
    }

    /** @return the worker by which the direction has come; the first one when none has. */
    int home(int flow) {
        return homes.length > 0 ? homes[flow] : FIRST;
    }

    /** {@link WorkerProxy#inject}. */
    boolean inject(int type, int port, DirectBuffer buffer, int frame, int length) {
        return proxies[current].inject(type, port, buffer, frame, length);
    }

    /** At the end of a duty cycle: lets sleeping workers know. */
    void flush() {
        for (WorkerProxy proxy : proxies) {
            proxy.flush();
        }
    }
}
