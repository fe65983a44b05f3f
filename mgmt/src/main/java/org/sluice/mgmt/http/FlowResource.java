package org.sluice.mgmt.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.sluice.slowpath.view.FlowFilter;
import org.sluice.slowpath.view.FlowPage;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.GatewayView;

/**
 * The flow table in pages. A page is gathered slice by slice, each slice a question of its own, so that the conductor forwards
 * packets in between.
 */
final class FlowResource {
    static final int MAX_LIMIT = 5_000;
    private static final int DEFAULT_LIMIT = 1_000;
    private static final int SLICE = 1_024;
    private static final int MAX_PORT = 65_535;
    private static final Set<String> FILTERS = Set.of("proto", "src", "dst", "sport", "dport", "state", "helper");
    private final GatewayView view;

    FlowResource(GatewayView view) {
        this.view = view;
    }

    /** {@code {"flows": […], "next": number or null}}. */
    CompletableFuture<Answer> list(Request request) {
        Set<String> known = new TreeSet<>(FILTERS);
        known.addAll(Set.of("limit", "from"));
        request.allowParameters(known);
        FlowFilter filter = filter(request);
        int limit = request.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        int from = request.number("from", 0, 0, Integer.MAX_VALUE);
        List<FlowView> found = new ArrayList<>();
        return gather(filter, from, limit, SLICE, found).thenApply(next -> {
            Map<String, Object> page = new LinkedHashMap<>();
            page.put("flows", found);
            page.put("next", next < 0 ? null : next);
            return Answer.json(page);
        });
    }

    /** Where a slice holds more than there is room for, it is asked again in half: the page ends exactly between two records. */
    private CompletableFuture<Integer> gather(FlowFilter filter, int from, int limit, int slice, List<FlowView> found) {
        return view.flows(filter, from, slice).thenCompose((FlowPage page) -> {
            if (found.size() + page.flows().size() > limit && slice > 1) {
                return gather(filter, from, limit, slice / 2, found);
            }
            found.addAll(page.flows());
            if (page.next() < 0 || found.size() >= limit) {
                return CompletableFuture.completedFuture(page.next());
            }
            return gather(filter, page.next(), limit, slice, found);
        });
    }

    /** {@code {"deleted": number}}. */
    CompletableFuture<Answer> delete(Request request) {
        request.allowParameters(new TreeSet<>(FILTERS));
        return view.flushFlows(filter(request)).thenApply(count -> Answer.json(Map.of("deleted", count)));
    }

    private static FlowFilter filter(Request request) {
        return new FlowFilter(request.parameter("proto"), request.parameter("src"), request.parameter("dst"),
                request.number("sport", -1, 0, MAX_PORT), request.number("dport", -1, 0, MAX_PORT),
                request.parameter("state"), request.parameter("helper"));
    }
}
