package org.sluice.slowpath.helper;

import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
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
    private long progress;

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

    /** Goes on where a session of an earlier run was. @param canResume whether its helper could go on from its memory */
    void restore(byte[] saved, byte[] memory, boolean canResume, long now) {
        stream.restore(new UnsafeBuffer(saved), now);
        if (!canResume || !session.restore(new UnsafeBuffer(memory), 0, memory.length)) {
            stream.detach();
        }
    }

    /** @return what {@link #restore} needs. */
    @Override
    SavedSession save() {
        ExpandableArrayBuffer out = new ExpandableArrayBuffer();
        int length = stream.save(out);
        byte[] saved = new byte[length];
        out.getBytes(0, saved);
        return save(session, saved);
    }

    /** @return whether it is to be saved once more since this was asked. */
    boolean hasProgressed() {
        long before = progress;
        progress = stream.progress();
        return progress != before;
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
