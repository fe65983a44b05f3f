package org.sluice.perf.gen.frame;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sluice.fastpath.port.Port;
import org.sluice.perf.gen.load.Load;

/** The frames of a {@link Load}. */
public final class SyntheticFrames implements FrameSource {
    /** In turn; a size that comes more than once is the same template. */
    private final FrameTemplate[] templates;
    private final FlowCursor cursor;
    private final TupleSpace tuples;
    private final int[] sequences;
    private int template;
    private long clock;

    /**
     * @param to next hop's Ethernet address, in the lower 48 bits
     * @param from own Ethernet address
     * @param run that stamps carry
     */
    public SyntheticFrames(Load load, long to, long from, int run) {
        Map<Integer, FrameTemplate> bySize = new LinkedHashMap<>();
        templates = load.sizes().sequence().stream()
                .map(size -> bySize.computeIfAbsent(size, s -> new FrameTemplate(load, s, to, from, run)))
                .toArray(FrameTemplate[]::new);
        cursor = new FlowCursor(load.flows(), load.newFlows());
        tuples = new TupleSpace(load);
        sequences = new int[load.flows()];
    }

    @Override
    public void at(long elapsed, long time) {
        cursor.at(elapsed);
        clock = time;
    }

    @Override
    public boolean transmit(Port port) {
        FrameTemplate next = templates[template];
        int place = cursor.place();
        tuples.select(cursor.flow());
        next.fill(tuples, place, sequences[place], clock);
        if (!port.transmit(next.buffer(), FrameTemplate.FRAME, next.length())) {
            return false;
        }
        sequences[place]++;
        cursor.advance();
        template = template + 1 == templates.length ? 0 : template + 1;
        return true;
    }

    @Override
    public long size() {
        return Long.MAX_VALUE;
    }
}
