package org.sluice.mgmt.watch;

import java.util.List;
import java.util.Map;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.InterfaceView;

/**
 * What a gateway's counters said at one moment.
 *
 * @param nanos System.nanoTime
 * @param interfaces with their counters
 * @param counters by the names of {@code show counters}
 * @param flows that were looked at
 * @param isWhole whether those are all there are
 */
public record Sample(long nanos, List<InterfaceView> interfaces, Map<String, Double> counters, List<FlowView> flows,
        boolean isWhole) {

    double counter(String name) {
        return counters.getOrDefault(name, 0.0);
    }
}
