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

/** How full the heap was after the last collection of garbage: what somebody keeps, not what somebody has used. Any thread. */
public final class HeapWatch {
    /** Of this process, from when it is first asked for. */
    public static final HeapWatch PROCESS = new HeapWatch();

    private final Set<String> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP).map(MemoryPoolMXBean::getName)
            .collect(Collectors.toUnmodifiableSet());
    private volatile Reading last = new Reading(0, 0);

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
        long inUse = info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                .filter(pool -> pools.contains(pool.getKey())).map(Map.Entry::getValue)
                .mapToLong(MemoryUsage::getUsed).sum();
        last = new Reading(last.collection + 1, inUse);
    }

    /** @return of the last collection; number 0 before the first. */
    public Reading last() {
        return last;
    }
}
