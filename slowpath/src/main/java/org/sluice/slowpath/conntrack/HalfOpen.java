package org.sluice.slowpath.conntrack;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.IntArrayQueue;
import org.sluice.fastpath.flow.FlowTable;

/**
 * TCP connections that are opening, by the interface that they came in through, and among them those that nobody has answered:
 * when there are too many, or the table is full, the oldest of these gives way, and nothing else ever does (RFC 6888 REQ-11D). Conductor.
 */
public final class HalfOpen {
    /** Entries of flows that were answered meanwhile, before they are cleared away. */
    private static final int SLACK = 1_024;

    private final Flows flows;
    private final List<Line> lines = new ArrayList<>();

    /** Those of one interface. */
    private static final class Line {
        private int opening;
        private int unanswered;
        private IntArrayQueue oldestFirst = new IntArrayQueue();
    }

    public HalfOpen(Flows flows) {
        this.flows = flows;
    }

    private Line line(int port) {
        while (lines.size() <= port) {
            lines.add(new Line());
        }
        return lines.get(port);
    }

    /** A TCP flow has begun. @param flow original direction */
    public void begin(int flow) {
        Line line = line(flows.ingress(flow));
        line.opening++;
        line.unanswered++;
        flows.mark(flow, Status.OPENING | Status.UNANSWERED);
        if (line.oldestFirst.size() > 2 * line.unanswered + SLACK) {
            clearAway(line);
        }
        line.oldestFirst.addInt(flow);
    }

    /** The flow has gone on to another state, or got a packet. */
    public void update(int flow) {
        int original = flow & ~1;
        Line line = line(flows.ingress(original));
        boolean opening = flows.state(original).isOpening();
        if (opening != flows.is(original, Status.OPENING)) {
            line.opening += opening ? 1 : -1;
            if (opening) {
                flows.mark(original, Status.OPENING);
            } else {
                flows.unmark(original, Status.OPENING);
            }
        }
        if (flows.is(original, Status.UNANSWERED) && flows.packets(original | 1) > 0) {
            flows.unmark(original, Status.UNANSWERED);
            line.unanswered--;
        }
    }

    /** The flow ends. */
    public void end(int flow) {
        int original = flow & ~1;
        Line line = line(flows.ingress(original));
        if (flows.is(original, Status.OPENING)) {
            line.opening--;
        }
        if (flows.is(original, Status.UNANSWERED)) {
            line.unanswered--;
        }
        flows.unmark(original, Status.OPENING | Status.UNANSWERED);
    }

    /** @return connections that came in through the port and are opening. */
    public int count(int port) {
        return line(port).opening;
    }

    /** @return the flow that has waited longest for an answer of those that came in through the port, or {@link FlowTable#NONE}. */
    public int oldestUnanswered(int port) {
        IntArrayQueue queue = line(port).oldestFirst;
        while (!queue.isEmpty()) {
            int flow = queue.peekInt();
            if (isUnanswered(flow, port)) {
                return flow;
            }
            queue.pollInt();
        }
        return FlowTable.NONE;
    }

    /** @return the same of those that came in through the port, or else through any. */
    public int oldestUnansweredAnywhere(int port) {
        int found = oldestUnanswered(port);
        for (int other = 0; other < lines.size() && found == FlowTable.NONE; other++) {
            found = oldestUnanswered(other);
        }
        return found;
    }

    /** A record that was used again may stand in the queue twice; then it gives way a little early. */
    private boolean isUnanswered(int flow, int port) {
        if (!flows.is(flow, Status.LIVE | Status.UNANSWERED) || flows.ingress(flow) != port) {
            return false;
        }
        // the answer may have taken the fast path
        update(flow);
        return flows.is(flow, Status.UNANSWERED);
    }

    private void clearAway(Line line) {
        IntArrayQueue kept = new IntArrayQueue();
        while (!line.oldestFirst.isEmpty()) {
            int flow = line.oldestFirst.pollInt();
            if (flows.is(flow, Status.LIVE | Status.UNANSWERED)) {
                kept.addInt(flow);
            }
        }
        line.oldestFirst = kept;
    }
}
