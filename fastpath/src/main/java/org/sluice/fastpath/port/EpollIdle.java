package org.sluice.fastpath.port;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.IdleStrategy;

/**
 * Idles an agent's thread: spins and yields for some microseconds, then sleeps in Netty's native epoll until a watched
 * descriptor becomes readable, {@link #wakeup} is called, or 100 ms have passed.
 *
 * <p>No wake-up is lost. Before it sleeps, the owner says so ({@code DROWSY}) and returns once more to its agent, which
 * looks at all its sources again. Whoever adds work does that first and then calls {@link #wakeup}: either the owner sees
 * the work in that last look, or the caller sees that the owner is drowsy, and has the event loop return.
 * <pre>
 *            idle long enough          nothing found in the last look
 *   AWAKE ─────────────────► DROWSY ────────────────────────────────► sleeps in epoll
 *     ▲                        │                                            │
 *     └──── work or wakeup ────┴──────── frame, wakeup or 100 ms ───────────┘
 * </pre>
 * After a thousand rounds of work without sleep the ports are told to wake nobody, and before the owner is drowsy to do so again.
 * Idling, watching and closing are for the owner's thread; {@link #watch} also for others before the owner starts.
 */
public final class EpollIdle implements IdleStrategy, AutoCloseable {
    /** Suits a machine with more threads than cores. */
    public static final long DEFAULT_SPIN_NANOS = 50_000;

    private static final long SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int SPINS_BEFORE_YIELDING = 100;
    private static final int BUSY_ROUNDS = 1_000;
    private static final int AWAKE = 0;
    private static final int DROWSY = 1;
    private static final Runnable NOTHING = () -> {};

    private final AtomicInteger state = new AtomicInteger(AWAKE);
    private final List<Port> ports = new CopyOnWriteArrayList<>();
    private final Map<Integer, Future<IoRegistration>> watched = new ConcurrentHashMap<>();
    private final ManualIoEventLoop loop = new ManualIoEventLoop(null, EpollIoHandler.newFactory());
    private final long spinNanos;
    private final long sleepNanos;
    private boolean owned;
    private boolean isIdle;
    private int spins;
    private long idleSince;
    private int rounds;

    public EpollIdle() {
        this(DEFAULT_SPIN_NANOS);
    }

    /** @param spinNanos how long to stay awake with nothing to do; 0 and more */
    public EpollIdle(long spinNanos) {
        this(spinNanos, SLEEP_NANOS);
    }

    EpollIdle(long spinNanos, long sleepNanos) {
        this.spinNanos = spinNanos;
        this.sleepNanos = sleepNanos;
    }

    /** Sleep will end when frames have arrived. */
    public void watch(Port port) {
        for (int descriptor : port.fileDescriptors()) {
            watch(descriptor);
        }
        ports.add(port);
    }

    /** Sleep will end when the descriptor is readable or has an error. */
    public void watch(int descriptor) {
        watched.computeIfAbsent(descriptor, fd -> {
            Future<IoRegistration> registration = loop.register(new Watched(new FileDescriptor(fd)));
            registration.addListener(done -> {
                if (registration.isSuccess()) {
                    registration.getNow().submit(EpollIoOps.EPOLLIN);
                }
            });
            return registration;
        });
    }

    /** Stops watching; to be called before the descriptor is closed, because its number may then come again. */
    public void unwatch(int descriptor) {
        Future<IoRegistration> registration = watched.remove(descriptor);
        if (registration != null) {
            own();
            loop.runNow();
            if (registration.isSuccess()) {
                registration.getNow().cancel();
            }
            loop.runNow();
        }
    }

    /**
     * Ends the owner's sleep, or keeps it from falling asleep. Costs one volatile read while the owner is awake. Any thread.
     */
    public void wakeup() {
        if (state.get() == DROWSY && state.compareAndSet(DROWSY, AWAKE)) {
            // a task, because unlike the loop's own wakeup() it also counts when the loop is not yet waiting
            loop.execute(NOTHING);
        }
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            if (rounds < BUSY_ROUNDS && ++rounds == BUSY_ROUNDS) {
                wakesOwner(false);
            }
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        if (!isIdle) {
            isIdle = true;
            spins = 0;
            idleSince = System.nanoTime();
        }
        if (state.getPlain() == DROWSY) {
            sleep();
        } else if (System.nanoTime() - idleSince >= spinNanos) {
            if (rounds == BUSY_ROUNDS) {
                wakesOwner(true);
            }
            rounds = 0;
            state.set(DROWSY);
        } else if (spins < SPINS_BEFORE_YIELDING) {
            spins++;
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    private void wakesOwner(boolean value) {
        for (Port port : ports) {
            port.wakesOwner(value);
        }
    }

    private void sleep() {
        own();
        loop.run(sleepNanos);
        reset();
    }

    private void own() {
        if (!owned) {
            owned = true;
            loop.setOwningThread(Thread.currentThread());
        }
    }

    @Override
    public void reset() {
        isIdle = false;
        if (state.getPlain() == DROWSY) {
            state.set(AWAKE);
        }
    }

    @Override
    public String alias() {
        return "epoll";
    }

    /** Ends the event loop; the descriptors stay open. */
    @Override
    public void close() {
        own();
        for (Integer descriptor : watched.keySet()) {
            unwatch(descriptor);
        }
        loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        while (!loop.isTerminated()) {
            loop.run(SLEEP_NANOS);
        }
    }

    /** A descriptor whose events only end the sleep: the agent looks at its rings by itself. */
    private record Watched(FileDescriptor fd) implements EpollIoHandle {
        @Override
        public void handle(IoRegistration registration, IoEvent event) {}

        @Override
        public void close() {}
    }
}
