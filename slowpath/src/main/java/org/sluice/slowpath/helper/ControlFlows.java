package org.sluice.slowpath.helper;

import java.util.function.Function;
import java.util.function.IntConsumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.HelperSession;

/** New flows that a helper has announced as control connections, until {@link HelperHost} gives them their sessions. Conductor. */
final class ControlFlows {
    private final Int2ObjectHashMap<Announced> flows = new Int2ObjectHashMap<>();

    /** @param reader makes the session */
    record Announced(ActiveHelper helper, Function<Control, HelperSession> reader) {}

    /** @return takes note of each flow that comes. */
    IntConsumer noting(ActiveHelper helper, Function<Control, HelperSession> reader) {
        Announced announced = new Announced(helper, reader);
        return flow -> flows.put(flow, announced);
    }

    /** @return what was noted of a new flow, once; or null. */
    Announced take(int flow) {
        return flows.remove(flow & ~1);
    }
}
