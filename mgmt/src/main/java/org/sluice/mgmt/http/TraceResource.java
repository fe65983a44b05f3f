package org.sluice.mgmt.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.sluice.fastpath.trace.TraceFilter;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.view.GatewayView;
import org.sluice.slowpath.view.Protocols;
import org.sluice.slowpath.view.TraceFeed;
import org.sluice.slowpath.view.TraceView;

/** Follows packets: a line of JSON for each, until there are enough or the client goes away. */
final class TraceResource {
    private static final Set<String> PARAMETERS = Set.of("proto", "src", "dst", "sport", "dport", "count");
    private static final int MAX_PORT = 65_535;
    private static final int MAX_PROTOCOL = 255;
    private final GatewayView view;

    TraceResource(GatewayView view) {
        this.view = view;
    }

    CompletableFuture<Answer> follow(Request request) {
        request.allowParameters(PARAMETERS);
        TraceFilter filter = filter(request);
        int count = request.number("count", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
        try {
            return CompletableFuture.completedFuture(
                    Answer.feed("application/x-ndjson", new Feed(view.trace(filter), count)));
        } catch (IllegalStateException e) {
            return CompletableFuture.completedFuture(Answer.problem(409, e.getMessage()));
        }
    }

    private static TraceFilter filter(Request request) {
        return new TraceFilter(protocol(request.parameter("proto")), address(request, "src"), address(request, "dst"),
                request.number("sport", TraceFilter.ANY, 0, MAX_PORT),
                request.number("dport", TraceFilter.ANY, 0, MAX_PORT));
    }

    private static int protocol(String name) {
        if (name == null) {
            return TraceFilter.ANY;
        }
        for (int i = 0; i <= MAX_PROTOCOL; i++) {
            if (name.equals(Integer.toString(i)) || name.toLowerCase(Locale.ROOT).equals(Protocols.name(i))) {
                return i;
            }
        }
        throw new BadRequestException(
                "\"proto\" must be tcp, udp, icmp, icmpv6 or another name or number of a protocol");
    }

    private static TraceFilter.Address address(Request request, String name) {
        String text = request.parameter(name);
        if (text == null) {
            return null;
        }
        try {
            IpAddress address = IpAddress.of(InetAddress.ofLiteral(text));
            return new TraceFilter.Address(address.high(), address.low());
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("\"" + name + "\" must be an address");
        }
    }

    /** A trace as lines; after a gap, {@code {"lost": number}}. */
    private static final class Feed implements LineFeed {
        private final TraceFeed trace;
        private int left;
        private long lost;

        Feed(TraceFeed trace, int count) {
            this.trace = trace;
            left = count;
        }

        @Override
        public List<String> next() {
            List<String> lines = new ArrayList<>();
            for (TraceView packet : trace.poll()) {
                if (left > 0) {
                    left--;
                    lines.add(Json.text(packet));
                }
            }
            long now = trace.lost();
            if (now > lost) {
                lines.add(Json.text(Map.of("lost", now - lost)));
                lost = now;
            }
            return lines;
        }

        @Override
        public boolean isDone() {
            return left == 0;
        }

        @Override
        public void close() {
            trace.close();
        }
    }
}
