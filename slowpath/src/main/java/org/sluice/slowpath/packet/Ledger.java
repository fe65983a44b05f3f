package org.sluice.slowpath.packet;

import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.worker.InjectMessage;
import org.sluice.slowpath.trace.Tracer;

/**
 * Every received frame has exactly one fate. While the conductor deals with a packet the ledger knows how many received frames
 * it stands for (a reassembled datagram stands for several) and puts each down once: sent on, delivered, held or dropped. What
 * leaves beyond that number is the gateway's own. Conductor.
 */
public final class Ledger {
    private final CounterSet<ConductorCounter> counters = new CounterSet<>(ConductorCounter.class);
    private final CounterSet<DropReason> drops = new CounterSet<>(DropReason.class);
    private final Tracer tracer;
    private int open;

    /** @param tracer is told of every fate */
    public Ledger(Tracer tracer) {
        this.tracer = tracer;
    }

    /** A frame was taken from a punt ring. */
    public void take() {
        counters.increment(ConductorCounter.TAKEN);
        open = 1;
    }

    /** Frames that were held are dealt with again. */
    public void resume(int frames) {
        counters.add(ConductorCounter.RELEASED, frames);
        open = frames;
    }

    /** Frames that were held become part of the packet being dealt with. */
    public void join(int frames) {
        counters.add(ConductorCounter.RELEASED, frames);
        open += frames;
    }

    /** @return the inject message type of the next frame that leaves: whether it stands for a received one. */
    public int type() {
        return open == 0 ? InjectMessage.ORIGINATE : InjectMessage.FORWARD;
    }

    /** That frame was given to a worker. */
    public void sent() {
        if (open > 0) {
            open--;
            tracer.verdict("forwarded");
            counters.increment(ConductorCounter.RESUMED);
        }
    }

    /** What is open goes no further. */
    public void drop(DropReason reason) {
        if (open > 0) {
            drops.add(reason, open);
            open = 0;
            tracer.dropped(reason);
        }
    }

    /** What is open has arrived. */
    public void deliver() {
        if (open > 0) {
            tracer.verdict("delivered");
        }
        counters.add(ConductorCounter.DELIVERED, open);
        open = 0;
    }

    /** What is open waits. @return how many frames; to be given to {@link #resume} or {@link #dropHeld}. */
    public int hold() {
        int frames = open;
        counters.add(ConductorCounter.HELD, frames);
        open = 0;
        tracer.verdict("held");
        return frames;
    }

    /** Held frames go no further. The packet being dealt with is not touched. */
    public void dropHeld(int frames, DropReason reason) {
        counters.add(ConductorCounter.RELEASED, frames);
        drops.add(reason, frames);
    }

    /** The conductor is done with a packet; received frames that nothing was put down for went into others. */
    public void settle() {
        if (open > 0) {
            tracer.hop("deliver", "nothing leaves for it now: its bytes go on with other packets");
        }
        deliver();
        tracer.end();
    }

    /** Any thread may read. */
    public CounterSet<ConductorCounter> counters() {
        return counters;
    }

    /** Any thread may read. */
    public CounterSet<DropReason> drops() {
        return drops;
    }
}
