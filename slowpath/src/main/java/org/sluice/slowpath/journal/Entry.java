package org.sluice.slowpath.journal;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.slowpath.route.IpAddress;

/**
 * What a record says. Each names its object by a number or key and says all that is to be known of it, so that reading one twice does no
 * harm. Numbers are those of the run that wrote them.
 */
public sealed interface Entry {

    /** What the record's kind field says. */
    enum Kind {
        NONE,
        SNAPSHOT_BEGIN,
        SNAPSHOT_END,
        INTERFACE,
        MAPPING,
        MAPPING_END,
        FLOW,
        FLOW_STATE,
        FLOW_END,
        EXPECTATION,
        EXPECTATION_END,
        SESSION,
        SESSION_END,
        CALL,
        CALL_END,
        ALIVE,
        STOP;

        private static final Kind[] ALL = values();

        /** @return NONE for a number that no kind has. */
        static Kind of(int number) {
            return number >= 0 && number < ALL.length ? ALL[number] : NONE;
        }
    }

    Kind kind();

    /** Writes the fields. */
    void write(BodyWriter out);

    /** From here on everything that lives is said once more, among the news. @param number that the end repeats */
    record SnapshotBegin(long number) implements Entry {
        @Override
        public Kind kind() {
            return Kind.SNAPSHOT_BEGIN;
        }

        @Override
        public void write(BodyWriter out) {
            out.i64(number);
        }
    }

    /** All was said: nothing before the begin counts. */
    record SnapshotEnd(long number) implements Entry {
        @Override
        public Kind kind() {
            return Kind.SNAPSHOT_END;
        }

        @Override
        public void write(BodyWriter out) {
            out.i64(number);
        }
    }

    /** An interface. @param index that flows name it by */
    record Interface(int index, String name) implements Entry {
        @Override
        public Kind kind() {
            return Kind.INTERFACE;
        }

        @Override
        public void write(BodyWriter out) {
            out.i32(index).text(name);
        }
    }

    /**
     * A NAT mapping.
     *
     * @param filtering ordinal of {@code NatSettings.Filtering}
     * @param isShared whether it serves its inside endpoint toward every destination
     */
    record Mapping(int id, int protocol, IpAddress insideAddress, int insidePort, IpAddress outsideAddress,
            int outsidePort,
            int filtering, boolean isShared) implements Entry {
        @Override
        public Kind kind() {
            return Kind.MAPPING;
        }

        @Override
        public void write(BodyWriter out) {
            out.i32(id).u8(protocol).u8(filtering).flag(isShared).address(insideAddress).i32(insidePort)
                    .address(outsideAddress).i32(outsidePort);
        }

        static Mapping read(BodyReader in) {
            int id = in.i32();
            int protocol = in.u8();
            int filtering = in.u8();
            boolean isShared = in.flag();
            return new Mapping(id, protocol, in.address(), in.i32(), in.address(), in.i32(), filtering, isShared);
        }
    }

    /** The mapping's port was given back. */
    record MappingEnd(int id) implements Entry {
        @Override
        public Kind kind() {
            return Kind.MAPPING_END;
        }

        @Override
        public void write(BodyWriter out) {
            out.i32(id);
        }
    }

    /**
     * A flow, when it begins and in snapshots.
     *
     * @param id of the original direction
     * @param begun milliseconds of the epoch
     * @param ports {@code FlowKey} of the original direction, both ends of a call named
     * @param newPorts the same after translation
     * @param ingress interface of the original direction
     * @param mapping of its source, or 0
     * @param destinationMapping that it came in to, or 0
     * @param parent whose helper expected it, or 0
     */
    record Flow(int id, long begun, IpAddress source, IpAddress destination, IpAddress newSource,
            IpAddress newDestination, long ports, long newPorts, int ingress, int replyIngress, int mapping,
            int destinationMapping, int parent, FlowState state) implements Entry {
        @Override
        public Kind kind() {
            return Kind.FLOW;
        }

        @Override
        public void write(BodyWriter out) {
            out.i32(id).i64(begun).address(source).address(destination).address(newSource).address(newDestination)
                    .i64(ports).i64(newPorts).u8(ingress).u8(replyIngress).i32(mapping).i32(destinationMapping)
                    .i32(parent);
            state.write(out);
        }

        static Flow read(BodyReader in) {
            return new Flow(in.i32(), in.i64(), in.address(), in.address(), in.address(), in.address(), in.i64(),
                    in.i64(), in.u8(), in.u8(), in.i32(), in.i32(), in.i32(), FlowState.read(in));
        }

        /** @return the same in another state. */
        Flow in(FlowState next) {
            return new Flow(id, begun, source, destination, newSource, newDestination, ports, newPorts, ingress,
                    replyIngress, mapping, destinationMapping, parent, next);
        }
    }

    /**
     * What changes of a flow.
     *
     * @param tcp ordinal of {@code TcpState}
     * @param status bits of {@code Status}
     */
    record FlowState(int id, int tcp, int status, Way original, Way reply) implements Entry {
        @Override
        public Kind kind() {
            return Kind.FLOW_STATE;
        }

        @Override
        public void write(BodyWriter out) {
            out.i32(id).u8(tcp).i32(status);
            original.write(out);
            reply.write(out);
        }

        static FlowState read(BodyReader in) {
            return new FlowState(in.i32(), in.u8(), in.i32(), Way.read(in), Way.read(in));
        }
    }

    /**
     * One direction of a flow.
     *
     * @param scale of its windows; 15 when none was offered
     * @param isKnown whether the TCP numbers mean anything
     */
    record Way(long packets, long bytes, int scale, boolean isKnown, int sequenceEnd, int acknowledgement,
            int windowEnd) {
        void write(BodyWriter out) {
            out.i64(packets).i64(bytes).u8(scale).flag(isKnown).i32(sequenceEnd).i32(acknowledgement).i32(windowEnd);
        }

        static Way read(BodyReader in) {
            return new Way(in.i64(), in.i64(), in.u8(), in.flag(), in.i32(), in.i32(), in.i32());
        }
    }

    /** A flow is over. @param reason ordinal of {@code EndReason} */
    record FlowEnd(int id, int reason, long packets, long bytes, long replyPackets, long replyBytes)
            implements
                Entry {
        @Override
        public Kind kind() {
            return Kind.FLOW_END;
        }

        @Override
        public void write(BodyWriter out) {
            out.i32(id).u8(reason).i64(packets).i64(bytes).i64(replyPackets).i64(replyBytes);
        }

        static FlowEnd read(BodyReader in) {
            return new FlowEnd(in.i32(), in.u8(), in.i64(), in.i64(), in.i64(), in.i64());
        }
    }

    /** What names an expectation. @param peer null for any host */
    record Expected(int parent, int protocol, IpAddress seenAddress, int seenPort, IpAddress peer) {
        void write(BodyWriter out) {
            out.i32(parent).u8(protocol).address(seenAddress).i32(seenPort).flag(peer != null);
            if (peer != null) {
                out.address(peer);
            }
        }

        static Expected read(BodyReader in) {
            return new Expected(in.i32(), in.u8(), in.address(), in.i32(), in.flag() ? in.address() : null);
        }
    }

    /**
     * An expectation.
     *
     * @param mapping or 0
     * @param deadline milliseconds of the epoch
     * @param group empty when the first connection uses it up
     * @param limitNs of the group
     */
    record Expectation(Expected key, String helper, IpAddress realAddress, int realPort, int mapping, long deadline,
            String group, long limitNs, boolean isFulfilled) implements Entry {
        @Override
        public Kind kind() {
            return Kind.EXPECTATION;
        }

        @Override
        public void write(BodyWriter out) {
            key.write(out);
            out.text(helper).address(realAddress).i32(realPort).i32(mapping).i64(deadline).text(group).i64(limitNs)
                    .flag(isFulfilled);
        }

        static Expectation read(BodyReader in) {
            return new Expectation(Expected.read(in), in.text(), in.address(), in.i32(), in.i32(), in.i64(),
                    in.text(), in.i64(), in.flag());
        }
    }

    /** An expectation is gone. */
    record ExpectationEnd(Expected key) implements Entry {
        @Override
        public Kind kind() {
            return Kind.EXPECTATION_END;
        }

        @Override
        public void write(BodyWriter out) {
            key.write(out);
        }
    }

    /**
     * A connection that a helper reads or has edited.
     *
     * @param helper name
     * @param flow of the original direction
     * @param stream as {@code EditedConnection} writes it; empty for datagrams
     * @param memory of the helper; empty when it has none
     * @param canResume whether the helper can go on from its memory
     */
    @SuppressWarnings("ArrayRecordComponent") // they are carried, never compared
    record Session(int flow, String helper, byte[] stream, byte[] memory, boolean canResume) implements Entry {
        @Override
        public Kind kind() {
            return Kind.SESSION;
        }

        @Override
        public void write(BodyWriter out) {
            out.i32(flow).text(helper).bytes(stream).bytes(memory).flag(canResume);
        }

        static Session read(BodyReader in) {
            return new Session(in.i32(), in.text(), in.bytes(), in.bytes(), in.flag());
        }
    }

    /** The connection goes on without anybody's correcting it. */
    record SessionEnd(int flow) implements Entry {
        @Override
        public Kind kind() {
            return Kind.SESSION_END;
        }

        @Override
        public void write(BodyWriter out) {
            out.i32(flow);
        }
    }

    /** One end of a call; see {@code Call.End}. @param mapping or 0 */
    record CallEnd(int realAddress, int seenAddress, int callId, int seenCallId, int mapping) {
        void write(BodyWriter out) {
            out.i32(realAddress).i32(seenAddress).i32(callId).i32(seenCallId).i32(mapping);
        }

        static CallEnd read(BodyReader in) {
            return new CallEnd(in.i32(), in.i32(), in.i32(), in.i32(), in.i32());
        }
    }

    /**
     * A call of PPTP.
     *
     * @param number that names it
     * @param side that opened it
     * @param answered null until then
     * @param deadline milliseconds of the epoch
     */
    record Call(long number, String helper, int parent, int side, CallEnd opened, CallEnd answered, long deadline,
            boolean isFulfilled) implements Entry {
        @Override
        public Kind kind() {
            return Kind.CALL;
        }

        @Override
        public void write(BodyWriter out) {
            out.i64(number).text(helper).i32(parent).u8(side);
            opened.write(out);
            out.flag(answered != null);
            if (answered != null) {
                answered.write(out);
            }
            out.i64(deadline).flag(isFulfilled);
        }

        static Call read(BodyReader in) {
            return new Call(in.i64(), in.text(), in.i32(), in.u8(), CallEnd.read(in),
                    in.flag() ? CallEnd.read(in) : null, in.i64(), in.flag());
        }
    }

    /** A call is over. */
    record CallGone(long number) implements Entry {
        @Override
        public Kind kind() {
            return Kind.CALL_END;
        }

        @Override
        public void write(BodyWriter out) {
            out.i64(number);
        }
    }

    /** Nothing has happened, but the gateway runs. */
    record Alive() implements Entry {
        @Override
        public Kind kind() {
            return Kind.ALIVE;
        }

        @Override
        public void write(BodyWriter out) {}
    }

    /** The gateway ends in order. */
    record Stop() implements Entry {
        @Override
        public Kind kind() {
            return Kind.STOP;
        }

        @Override
        public void write(BodyWriter out) {}
    }

    /**
     * Reads a body.
     *
     * @return null when its kind is not known
     * @throws IllegalArgumentException when it is too short
     */
    static Entry read(int kind, DirectBuffer b, int body, int length) {
        BodyReader in = new BodyReader().wrap(b, body, length);
        return switch (Kind.of(kind)) {
            case NONE -> null;
            case SNAPSHOT_BEGIN -> new SnapshotBegin(in.i64());
            case SNAPSHOT_END -> new SnapshotEnd(in.i64());
            case INTERFACE -> new Interface(in.i32(), in.text());
            case MAPPING -> Mapping.read(in);
            case MAPPING_END -> new MappingEnd(in.i32());
            case FLOW -> Flow.read(in);
            case FLOW_STATE -> FlowState.read(in);
            case FLOW_END -> FlowEnd.read(in);
            case EXPECTATION -> Expectation.read(in);
            case EXPECTATION_END -> new ExpectationEnd(Expected.read(in));
            case SESSION -> Session.read(in);
            case SESSION_END -> new SessionEnd(in.i32());
            case CALL -> Call.read(in);
            case CALL_END -> new CallGone(in.i64());
            case ALIVE -> new Alive();
            case STOP -> new Stop();
        };
    }

    /** Writes header and body without the checksum. @return the record's length */
    static int write(Entry entry, BodyWriter writer, MutableDirectBuffer b, int at, long sequence, long time) {
        entry.write(writer.wrap(b, at + RecordLayout.HEADER));
        int length = writer.position() - at;
        RecordLayout.header(b, at, entry.kind().ordinal(), length - RecordLayout.HEADER, sequence, time);
        return length;
    }
}
