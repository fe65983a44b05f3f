package org.sluice.mgmt.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM and SIGINT: the JVM begins to shut down, the main thread is told, stops everything in order and says with which
 * status the process is to end.
 */
final class StopSignal {
    private static final long PATIENCE_SECONDS = 20;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile int status = ExitStatus.FAILED;

    /** Begins to listen. */
    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "stop-signal"));
    }

    private void onShutdown() {
        if (stopped.getCount() == 0) {
            return;
        }
        ask();
        try {
            boolean _ = stopped.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // a signal's own status (143, 130) would tell of a stop that was not orderly
        Runtime.getRuntime().halt(status);
    }

    /** Any thread: asks the main thread to stop. */
    void ask() {
        asked.countDown();
    }

    /** Main thread: waits until someone asks. */
    void await() {
        try {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Main thread, when everything was stopped in order: the process is to end with this, even if what follows takes too long. */
    void status(int value) {
        status = value;
    }

    /** Main thread, at the very end. */
    void stopped() {
        stopped.countDown();
    }
}
