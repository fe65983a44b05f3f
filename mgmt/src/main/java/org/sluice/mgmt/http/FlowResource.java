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
    private static final int MAX_LOOK = 10_000_000;
    private final GatewayView view;

    /**
     * What a page is made of.
     *
     * @param filter that the conductor applies
     * @param search that is applied here
     * @param limit flows in it at most
     * @param end record at which to stop looking
     */
    private record Question(FlowFilter filter, FlowSearch search, int limit, long end) {}

    FlowResource(GatewayView view) {
        this.view = view;
    }

    /** {@code {"flows": […], "next": number or null}}. The conductor only makes the slices; searching and writing is done elsewhere. */
    CompletableFuture<Answer> list(Request request) {
        Set<String> known = new TreeSet<>(FILTERS);
        known.addAll(Set.of("limit", "from", "look", "search"));
        request.allowParameters(known);
        int from = request.number("from", 0, 0, Integer.MAX_VALUE);
        long end = (long) from + request.number("look", Integer.MAX_VALUE, 1, MAX_LOOK);
        String words = request.parameter("search");
        Question question = new Question(filter(request), new FlowSearch(words == null ? "" : words),
                request.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT), end);
        List<FlowView> found = new ArrayList<>();
        return gather(question, from, SLICE, found).thenApplyAsync(next -> {
            Map<String, Object> page = new LinkedHashMap<>();
            page.put("flows", found);
            page.put("next", next < 0 ? null : next);
            return Answer.json(page);
        });
    }

    /** Where a slice holds more than there is room for, it is asked again in half: the page ends exactly between two records. */
    private CompletableFuture<Integer> gather(Question question, int from, int slice, List<FlowView> found) {
        int look = (int) Math.min(slice, question.end - from);
        return view.flows(question.filter, from, look).thenComposeAsync((FlowPage page) -> {
            List<FlowView> fitting = page.flows().stream().filter(question.search::matches).toList();
            if (found.size() + fitting.size() > question.limit && look > 1) {
                return gather(question, from, look / 2, found);
            }
            found.addAll(fitting);
            if (page.next() < 0 || found.size() >= question.limit || page.next() >= question.end) {
                return CompletableFuture.completedFuture(page.next());
            }
            return gather(question, page.next(), slice, found);
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
