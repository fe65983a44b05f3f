package org.sluice.fastpath.port;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.agrona.CloseHelper;
import org.sluice.fastpath.linux.InterfaceInfo;

/**
 * The sockets by which several workers share a device, and what belongs to the device as a whole. They are opened for all workers at
 * once, so that the kernel deals frames out among the same sockets from the first frame on, and a direction of a flow stays with one
 * worker. When the device was made anew, every port first gives its sockets back; the last one to do so has all of them opened again.
 *
 * <p>Any thread. No worker waits here for another: what can't be had now is asked for again at the next
 * {@link Port#maintain maintenance}.
 *
 * @param <S> what one worker has
 */
abstract class SocketGroup<S extends AutoCloseable> {
    private final ReentrantLock lock = new ReentrantLock();
    /** Those not taken, by worker. */
    private final List<S> parts;
    private final AtomicInteger taken = new AtomicInteger();
    private volatile InterfaceInfo opened;
    private int users;
    private boolean isEnding;

    SocketGroup(int workers) {
        parts = new ArrayList<>(Collections.nCopies(workers, null));
    }

    final int workers() {
        return parts.size();
    }

    /** @return whether sockets opened for a device as it was before are good for it as it is now. */
    abstract boolean fits(InterfaceInfo before, InterfaceInfo now);

    /** Opens the sockets of all workers. @param into takes them, one for each. On failure the rest is closed by the caller. */
    abstract void open(InterfaceInfo info, List<S> into);

    /** Closes what belongs to the device as a whole; perhaps nothing is open. */
    abstract void closeShared();

    /** A port is going to use the group until it {@link #leave leaves}. */
    final void enter() {
        lock.lock();
        try {
            users++;
        } finally {
            lock.unlock();
        }
    }

    /** @return whether the sockets that were taken last are good for the device as it is now. */
    final boolean serves(InterfaceInfo now) {
        InterfaceInfo before = opened;
        return before != null && fits(before, now);
    }

    /**
     * @return the worker's sockets for the device as it is now; null while another worker has not given back those for the device as it
     *         was before
     */
    final S take(int worker, InterfaceInfo now) {
        if (!lock.tryLock()) {
            return null;
        }
        try {
            if (isEnding || !serves(now) && !reopen(now)) {
                return null;
            }
            S part = parts.set(worker, null);
            if (part != null) {
                taken.incrementAndGet();
            }
            return part;
        } finally {
            lock.unlock();
        }
    }

    private boolean reopen(InterfaceInfo now) {
        if (taken.get() > 0) {
            return false;
        }
        discard();
        try {
            open(now, parts);
        } catch (RuntimeException e) {
            discard();
            throw e;
        }
        opened = now;
        return true;
    }

    private void discard() {
        opened = null;
        for (int i = 0; i < parts.size(); i++) {
            CloseHelper.quietClose(parts.set(i, null));
        }
        closeShared();
    }

    /** Sockets that were taken have been closed: a device is shared by all workers or by none. */
    final void giveBack() {
        opened = null;
        // last: who sees it sees that the others have to be given back too
        taken.decrementAndGet();
    }

    /** A port is not going to use the group any more. It has given back what it took. */
    final void leave() {
        lock.lock();
        try {
            isEnding = true;
            users--;
            if (users == 0) {
                discard();
            }
        } finally {
            lock.unlock();
        }
    }
}
