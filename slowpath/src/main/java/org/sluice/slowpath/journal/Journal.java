package org.sluice.slowpath.journal;

import java.util.concurrent.atomic.AtomicLong;
import org.sluice.fastpath.counter.CounterSet;

/**
 * The conductor's end of the journal. Never waits: what finds no room is lost, which is counted, and makes up for itself by writing
 * everything alive once more as soon as there is room. Conductor, but for what is said otherwise.
 */
public final class Journal {
    private final JournalRing ring;
    private final CounterSet<JournalCounter> counters;
    /** Number of the snapshot that the writer wants; the conductor may want one too. */
    private final AtomicLong wanted = new AtomicLong(1);
    private long begun;
    private final AtomicLong lost = new AtomicLong();
    private boolean hasGap;
    private long lastTime;
    private volatile int restored;

    Journal(JournalRing ring, CounterSet<JournalCounter> counters) {
        this.ring = ring;
        this.counters = counters;
    }

    /** @return the counters; any thread. */
    public CounterSet<JournalCounter> counters() {
        return counters;
    }

    /** Says how many flows the start brought back; before the conductor runs. */
    public void restored(int flows) {
        restored = flows;
    }

    /** @return flows that the start brought back. Any thread. */
    public int restored() {
        return restored;
    }

    /** Hands an entry to the writer. */
    public void log(Entry entry) {
        lastTime = System.currentTimeMillis();
        if (!ring.offer(entry, lastTime)) {
            hasGap = true;
            lost.incrementAndGet();
        }
    }

    /** Says that nothing has happened when that has been so for a while. */
    public void tick() {
        if (System.currentTimeMillis() - lastTime >= 1_000) {
            log(new Entry.Alive());
        }
    }

    /** @return entries that found no room. Any thread. */
    public long lost() {
        return lost.get();
    }

    /** Writer: what is alive is to be written once more. */
    void want() {
        wanted.incrementAndGet();
    }

    /** @return whether everything alive is to be written down, and there is room to begin. */
    public boolean wantsSnapshot() {
        return (hasGap || wanted.get() != begun) && ring.isHalfEmpty();
    }

    /** @return whether there is room to go on. */
    public boolean hasRoom() {
        return ring.isHalfEmpty();
    }

    /** Begins a snapshot. @return its number */
    public long beginSnapshot() {
        begun = wanted.get();
        hasGap = false;
        log(new Entry.SnapshotBegin(begun));
        return begun;
    }

    /** @return whether the snapshot under way is of no use any more: something was lost, or another is wanted. */
    public boolean isSnapshotSpoiled() {
        return hasGap || wanted.get() != begun;
    }

    /** Ends the snapshot. */
    public void endSnapshot() {
        log(new Entry.SnapshotEnd(begun));
    }
}
