package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.fastpath.linux.Epoll;

/** Sleeps take an hour here where they can: a lost wake-up hangs the test. */
@Timeout(60)
class EpollIdleTest {
    private static final int MANY = 3_000;
    private static final long AN_HOUR = TimeUnit.HOURS.toNanos(1);

    @Test
    void shouldLoseNoWakeup() throws Exception {
        AtomicLong offered = new AtomicLong();
        AtomicLong seen = new AtomicLong();
        Owner owner = new Owner(new EpollIdle(0, AN_HOUR));
        owner.start(() -> {
            long before = seen.get();
            seen.set(offered.get());
            return (int) (seen.get() - before);
        });
        for (int i = 1; i <= MANY; i++) {
            offered.set(i);
            owner.idle.wakeup();
            while (seen.get() < i) {
                Thread.onSpinWait();
            }
        }
        owner.stop();

        assertThat(seen.get()).isEqualTo(MANY);
    }

    @Test
    void shouldWakeUpWhenADescriptorBecomesReadable() throws Exception {
        FileDescriptor[] pipe = FileDescriptor.pipe();
        AtomicLong read = new AtomicLong();
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        Owner owner = new Owner(new EpollIdle(0, AN_HOUR));
        owner.idle.watch(pipe[0].intValue());
        owner.start(() -> {
            int count = read(pipe[0]);
            read.addAndGet(count);
            return count;
        });
        for (int i = 1; i <= MANY; i++) {
            pipe[1].write(one, 0, 1);
            while (read.get() < i) {
                Thread.onSpinWait();
            }
        }
        owner.stop();
        pipe[0].close();
        pipe[1].close();

        assertThat(read.get()).isEqualTo(MANY);
    }

    @Test
    void shouldSleepWhenThereIsNothingToDo() {
        long sleep = TimeUnit.MILLISECONDS.toNanos(20);
        try (EpollIdle idle = new EpollIdle(0, sleep)) {
            long start = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                idle.idle(0);
            }
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(sleep);
        }
    }

    @Test
    void shouldNotSleepWhenTheLastLookFoundWork() {
        try (EpollIdle idle = new EpollIdle(0, AN_HOUR)) {
            for (int i = 0; i < 10; i++) {
                idle.idle(0);
                idle.idle(1);
            }
        }
    }

    @Test
    void shouldStayAwakeForTheTimeOfSpinning() {
        try (EpollIdle idle = new EpollIdle(AN_HOUR, AN_HOUR)) {
            for (int i = 0; i < 1_000; i++) {
                idle.idle(0);
            }
        }
    }

    /** A port whose frames are the bytes of a pipe; it says what it was told. */
    private static Port port(FileDescriptor pipe, Epoll epoll, List<Boolean> told) {
        epoll.add(pipe.intValue());
        return (Port) Proxy.newProxyInstance(Port.class.getClassLoader(), new Class<?>[]{Port.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "fileDescriptors" -> new int[]{epoll.descriptor()};
                    case "wakesOwner" -> {
                        told.add((Boolean) arguments[0]);
                        epoll.listen((Boolean) arguments[0]);
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void shouldNeedNoWakingWhileItIsBusyAndBeWokenAfterwards() throws Exception {
        FileDescriptor[] pipe = FileDescriptor.pipe();
        List<Boolean> told = new ArrayList<>();
        try (Epoll epoll = new Epoll(); EpollIdle idle = new EpollIdle(0, AN_HOUR)) {
            idle.watch(port(pipe[0], epoll, told));
            for (int i = 0; i < 500; i++) {
                idle.idle(1);
            }
            assertThat(told).isEmpty();
            for (int i = 0; i < MANY; i++) {
                idle.idle(1);
            }
            assertThat(told).containsExactly(false);

            // between the last round and the sleep; were it lost, the sleep would take an hour
            pipe[1].write(ByteBuffer.allocateDirect(1), 0, 1);
            idle.idle(0);
            idle.idle(0);
            assertThat(told).containsExactly(false, true);

            idle.idle(0);
            idle.idle(0);
            assertThat(told).as("it is told once").containsExactly(false, true);
        } finally {
            pipe[0].close();
            pipe[1].close();
        }
    }

    @Test
    void shouldBeWokenByThatWhichTookTheSameNumber() throws Exception {
        FileDescriptor[] old = FileDescriptor.pipe();
        try (Epoll epoll = new Epoll(); EpollIdle idle = new EpollIdle(0, AN_HOUR)) {
            idle.watch(epoll.descriptor());
            epoll.add(old[0].intValue());
            epoll.listen(false);
            epoll.clear();
            old[0].close();
            old[1].close();
            FileDescriptor[] pipe = FileDescriptor.pipe();
            epoll.add(pipe[0].intValue());
            epoll.listen(true);
            pipe[1].write(ByteBuffer.allocateDirect(1), 0, 1);
            // were it not noticed, the sleep would take an hour
            idle.idle(0);
            idle.idle(0);
            pipe[0].close();
            pipe[1].close();
        }
    }

    @Test
    void shouldSleepAgainAfterADescriptorIsNoLongerWatched() throws Exception {
        long sleep = TimeUnit.MILLISECONDS.toNanos(20);
        FileDescriptor[] pipe = FileDescriptor.pipe();
        pipe[1].write(ByteBuffer.allocateDirect(1), 0, 1);
        try (EpollIdle idle = new EpollIdle(0, sleep)) {
            idle.watch(pipe[0].intValue());
            idle.idle(0);
            idle.idle(0);
            idle.unwatch(pipe[0].intValue());
            pipe[0].close();

            long start = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                idle.idle(0);
            }
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(sleep);
        } finally {
            pipe[1].close();
        }
    }

    private static int read(FileDescriptor descriptor) {
        try {
            return Math.max(0, descriptor.read(ByteBuffer.allocateDirect(1), 0, 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a duty cycle on a thread of its own, as an agent runner would. */
    private static final class Owner {
        private final EpollIdle idle;
        private final AtomicBoolean running = new AtomicBoolean(true);
        private Thread thread;

        Owner(EpollIdle idle) {
            this.idle = idle;
        }

        void start(IntSupplier dutyCycle) {
            thread = new Thread(() -> {
                while (running.get()) {
                    idle.idle(dutyCycle.getAsInt());
                }
                idle.close();
            }, "owner");
            thread.start();
        }

        void stop() throws InterruptedException {
            running.set(false);
            idle.wakeup();
            thread.join();
        }
    }
}
