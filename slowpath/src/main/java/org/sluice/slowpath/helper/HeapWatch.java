package org.sluice.slowpath.helper;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How full the heap was after the last collection of garbage: what somebody keeps, not what somebody has used. Tells when there was one.
 * Any thread.
 */
public final class HeapWatch {
    private static final Logger LOG = LoggerFactory.getLogger(HeapWatch.class);
    private static final String PAUSES = "Pauses";
    private static final Runnable NOTHING = () -> {
        // nobody asked
    };

    /** Of this process, from when it is first asked for. Behind what it is made of. */
    public static final HeapWatch PROCESS = new HeapWatch();

    private final Set<String> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP).map(MemoryPoolMXBean::getName)
            .collect(Collectors.toUnmodifiableSet());
    private volatile Reading last = new Reading(0, 0);
    private volatile Runnable task = NOTHING;

    /**
     * Of one collection.
     *
     * @param collection number of it
     * @param inUse bytes that it left
     */
    public record Reading(long collection, long inUse) {}

    private HeapWatch() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener((notification, handback) -> onCollection(notification), null, null);
            }
        }
    }

    private synchronized void onCollection(Notification notification) {
        if (!notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            return;
        }
        GarbageCollectionNotificationInfo info = GarbageCollectionNotificationInfo
                .from((CompositeData) notification.getUserData());
        if (info.getGcName().endsWith(PAUSES)) {
            // ZGC tells of each pause within a collection too, without what is in use
            return;
        }
        long inUse = info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                .filter(pool -> pools.contains(pool.getKey())).map(Map.Entry::getValue)
                .mapToLong(MemoryUsage::getUsed).sum();
        last = new Reading(last.collection + 1, inUse);
        runTask();
    }

    /** The JVM's thread would end with what is thrown here, and nobody would hear of collections any more. */
    private void runTask() {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            task = NOTHING;
            LOG.warn("what is done after each collection of garbage failed, and is not done again", e);
        }
    }

    /** Runs a task at the end of each collection from now on, in the place of another, on a thread of the JVM's that nobody waits for. */
    public void afterEach(Runnable next) {
        task = next;
    }

    /** There is no such task any more. */
    public void afterEachNothing() {
        task = NOTHING;
    }

    /** @return of the last collection; number 0 before the first. */
    public Reading last() {
        return last;
    }
}
