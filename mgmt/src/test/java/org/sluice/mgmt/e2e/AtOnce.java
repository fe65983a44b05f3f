package org.sluice.mgmt.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tasks that run at the same time. */
final class AtOnce {
    private AtOnce() {}

    /** Returns when all have ended; throws what the first of them threw that failed. */
    static void run(List<? extends Callable<?>> tasks) throws Exception {
        List<Future<?>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            tasks.forEach(task -> results.add(threads.submit(task)));
        }
        for (Future<?> result : results) {
            result.get();
        }
    }
}
