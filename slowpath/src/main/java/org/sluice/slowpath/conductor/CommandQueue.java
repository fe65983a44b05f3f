package org.sluice.slowpath.conductor;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/** Questions and orders from management, answered on the conductor's thread between packets. */
final class CommandQueue {
    private static final int CAPACITY = 1024;
    private static final int LIMIT = 4;
    private final ManyToOneConcurrentArrayQueue<Runnable> queue = new ManyToOneConcurrentArrayQueue<>(CAPACITY);
    private volatile Runnable wakeup = () -> {};

    /** @param wakeup wakes the conductor when it sleeps */
    void wakeup(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    /** Any thread. @return completed by the conductor; exceptionally when it has too much to do */
    <T> CompletableFuture<T> submit(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Runnable command = () -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        };
        if (queue.offer(command)) {
            wakeup.run();
        } else {
            answer.completeExceptionally(new IllegalStateException("the gateway is too busy to answer; try again"));
        }
        return answer;
    }

    /** Conductor. A few at a time, so that packets do not wait. */
    int drain() {
        int count = 0;
        Runnable command;
        while (count < LIMIT && (command = queue.poll()) != null) {
            command.run();
            count++;
        }
        return count;
    }
}
