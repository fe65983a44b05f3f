package org.sluice.mgmt.trace;

import java.util.List;
import org.sluice.slowpath.view.TraceView;
import org.sluice.slowpath.view.TraceView.Hop;

/** A traced packet as a block of lines: what came, each decision with its reason, and what became of it. */
public final class TraceText {
    private static final int STEP_WIDTH = 11;

    private TraceText() {}

    /** @param number of the packet, from 1. @return lines */
    public static List<String> block(int number, TraceView packet) {
        StringBuilder text = new StringBuilder();
        text.append("packet ").append(number).append(' ').append(packet.time());
        if (!packet.in().isEmpty()) {
            text.append(" in ").append(packet.in());
        }
        text.append(", ").append(packet.length()).append(" bytes: ").append(packet.packet()).append('\n');
        text.append(decisions(packet));
        return text.toString().lines().toList();
    }

    /** @return numbered, one a line, the verdict last */
    static String decisions(TraceView packet) {
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (Hop hop : packet.hops()) {
            number++;
            text.append("%4d  ".formatted(number)).append(hop.step())
                    .repeat(' ', Math.max(1, STEP_WIDTH - hop.step().length() + 1)).append(hop.decision())
                    .append('\n');
        }
        text.append("   =  ").append(packet.verdict());
        return (packet.reason().isEmpty() ? text : text.append(" (").append(packet.reason()).append(')')).append('\n')
                .toString();
    }
}
