package org.sluice.slowpath.helper;

import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Udp;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.slowpath.conntrack.ExpectationTable;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.stream.Edits;

/** A UDP control connection: the helper sees one datagram after the other and edits it. Conductor. */
final class DatagramSession extends ControlSession {
    private static final Logger LOG = LoggerFactory.getLogger(DatagramSession.class);
    private static final int MAX_PACKET = 0xFFFF;

    private final HelperSession session;
    private final Edits edits = new Edits();
    private final UnsafeBuffer edited;
    private boolean isDetached;

    /**
     * @param flow original direction of the control connection
     * @param reader makes the helper's session
     * @param edited room for the largest IP packet, shared by all sessions
     */
    DatagramSession(ActiveHelper helper, int flow, Flows flows, ExpectationTable expectations, MappingTable mappings,
            ControlFlows announced, Function<Control, HelperSession> reader, UnsafeBuffer edited) {
        super(helper, flow, flows, expectations, mappings, announced);
        this.edited = edited;
        session = reader.apply(this);
    }

    /**
     * Shows a datagram to the helper.
     *
     * @param direction 0 from the side that began, 1 from the other
     * @return length of the IP packet that goes on instead, in the buffer for edited ones; 0 when the packet itself goes on
     */
    int onDatagram(int direction, Packet p) {
        // several datagrams in one frame (UDP segmentation offload) are not a control message
        if (isDetached || VirtioNetHeader.gsoType(p.buffer(), p.frame()) != VirtioNetHeader.GSO_NONE) {
            return 0;
        }
        int payload = p.l4() + Udp.HEADER_LENGTH;
        int length = p.l4() + Udp.length(p.buffer(), p.l4()) - payload;
        edits.clear();
        edits(edits);
        try {
            session.onBytes(side(direction), p.buffer(), payload, length);
            return edits.isEmpty() ? 0 : rebuild(p, payload, length);
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
            helper().count("failed");
            LOG.warn("helper {} failed; its connection goes on unread", helper().name(), e);
            isDetached = true;
            return 0;
        }
    }

    private int rebuild(Packet p, int payload, int length) {
        int udp = p.l4() - p.ip();
        int start = udp + Udp.HEADER_LENGTH;
        edited.putBytes(0, p.buffer(), p.ip(), start);
        int size = edits.apply(p.buffer(), payload, length, edited, start, MAX_PACKET - start);
        if (size < 0) {
            helper().count("not_rewritten");
            return 0;
        }
        if (p.isIpv6()) {
            Ipv6.payloadLength(edited, 0, start + size - Ipv6.HEADER_LENGTH);
        } else {
            Ipv4.totalLength(edited, 0, start + size);
            Ipv4.updateChecksum(edited, 0);
        }
        Udp.length(edited, udp, Udp.HEADER_LENGTH + size);
        int checksum = Checksum.transport(edited, 0, udp, Udp.HEADER_LENGTH + size, Ipv4.PROTOCOL_UDP);
        Udp.computedChecksum(edited, udp, checksum);
        return start + size;
    }

    @Override
    SavedSession save() {
        return save(session, new byte[0]);
    }

    boolean isDetached() {
        return isDetached;
    }

    @Override
    public void detach() {
        helper().count("detached");
        isDetached = true;
    }
}
