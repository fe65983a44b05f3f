package org.sluice.slowpath.helper;

import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.slowpath.conntrack.ExpectationTable;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.stream.EditedConnection;
import org.sluice.slowpath.stream.Edits;
import org.sluice.slowpath.stream.StreamReader;

/** A TCP control connection: the helper sees both streams in order and edits them. Conductor. */
final class StreamSession extends ControlSession implements StreamReader {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSession.class);
    private static final int MAX_HELD = 16384;

    private final EditedConnection stream;
    private final HelperSession session;

    /**
     * @param flow original direction of the control connection
     * @param reader makes the helper's session
     * @param mtu largest packet made when text grew
     */
    StreamSession(ActiveHelper helper, int flow, Flows flows, ExpectationTable expectations, MappingTable mappings,
            ControlFlows announced, Function<Control, HelperSession> reader, int mtu) {
        super(helper, flow, flows, expectations, mappings, announced);
        stream = new EditedConnection(this, Math.min(helper.spec().maxHeld(), MAX_HELD), mtu);
        session = reader.apply(this);
    }

    EditedConnection stream() {
        return stream;
    }

    @Override
    public int onBytes(int direction, DirectBuffer bytes, int offset, int length, Edits edits) {
        edits(edits);
        return session.onBytes(side(direction), bytes, offset, length);
    }

    @Override
    public void onSkip(int direction) {
        helper().count("released");
        session.onSkip(side(direction));
    }

    @Override
    public void onFailure(Throwable cause) {
        helper().count("failed");
        LOG.warn("helper {} failed; its connection goes on unread", helper().name(), cause);
        stream.detach();
    }

    @Override
    public void detach() {
        helper().count("detached");
        stream.detach();
    }
}
