package org.sluice.slowpath.trace;

import java.util.ArrayList;
import java.util.List;
import org.sluice.slowpath.view.TraceView.Hop;

/** What the conductor decides about one packet. It is the conductor's until it is told, and then the reader's. */
public final class Story {
    private static final int MAX_HOPS = 64;
    private static final int MAX_FRAMES = 8;

    final Trace trace;
    final long timestamp;
    final Kept received;
    final List<Hop> hops = new ArrayList<>();
    final List<Kept> sent = new ArrayList<>();
    String verdict = "";
    String reason = "";
    boolean isPicked;
    boolean waits;
    boolean isTold;

    Story(Trace trace, long timestamp, Kept received) {
        this.trace = trace;
        this.timestamp = timestamp;
        this.received = received;
    }

    void hop(String step, String decision) {
        if (hops.size() < MAX_HOPS) {
            hops.add(new Hop(step, decision));
        }
    }

    void sent(Kept frame) {
        if (sent.size() < MAX_FRAMES) {
            sent.add(frame);
        }
    }
}
