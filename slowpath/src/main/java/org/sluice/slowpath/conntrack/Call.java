package org.sluice.slowpath.conntrack;

import org.sluice.fastpath.flow.FlowKey;
import org.sluice.slowpath.nat.Mapping;

/** One call of PPTP (RFC 2637) between the two hosts of a control connection. Either end may send first. Conductor. */
public final class Call {
    private final String helper;
    private final int parent;
    private final int opener;
    private final End[] ends = new End[2];
    private long deadline;
    private final long number;
    private boolean fulfilled;

    /**
     * One end of a call.
     *
     * @param realAddress of its host
     * @param seenAddress that the other host knows it by
     * @param callId that it chose
     * @param seenCallId that the other host was told
     * @param mapping that keeps the told one, or null when nothing is translated
     */
    public record End(int realAddress, int seenAddress, int callId, int seenCallId, Mapping mapping) {}

    /**
     * The way from one end to the other.
     *
     * @param sender side that the packets come from: 0 opened the control connection, 1 answered
     */
    public record Way(Call call, int sender) {

        private End from() {
            return call.ends[sender];
        }

        private End to() {
            return call.ends[sender ^ 1];
        }

        /** @return {@link FlowKey} of what comes in. */
        public long addresses() {
            return FlowKey.addresses(from().realAddress, to().seenAddress);
        }

        /** @return {@link FlowKey} of what comes in, both ends named. */
        public long ports() {
            return FlowKey.call(from().callId, to().seenCallId);
        }

        /** @return {@link FlowKey} of what goes out. */
        public long newAddresses() {
            return FlowKey.addresses(from().seenAddress, to().realAddress);
        }

        /** @return {@link FlowKey} of what goes out, both ends named. */
        public long newPorts() {
            return FlowKey.call(from().seenCallId, to().callId);
        }

        /** @return the way back. */
        public Way back() {
            return new Way(call, sender ^ 1);
        }
    }

    Call(long number, String helper, int parent, int side, End end, long deadline) {
        this.number = number;
        this.helper = helper;
        this.parent = parent;
        opener = end.realAddress();
        ends[side] = end;
        this.deadline = deadline;
    }

    /** @return what names it, in this run. */
    public long number() {
        return number;
    }

    /** @return name of the helper that reads the control connection. */
    public String helper() {
        return helper;
    }

    /** @return flow id of the control connection. */
    public int parent() {
        return parent;
    }

    /** @return System.nanoTime when it is given up if it was not answered, or no packet of it has come. */
    public long deadline() {
        return deadline;
    }

    /** @return address of the host that asked for it. */
    public int opener() {
        return opener;
    }

    /** @return null when that side has not named its call ID yet. */
    public End end(int side) {
        return ends[side];
    }

    void answer(int side, End end, long until) {
        ends[side] = end;
        deadline = until;
    }

    /** @return whether both ends are known. */
    public boolean isAnswered() {
        return ends[0] != null && ends[1] != null;
    }

    /** @return whether it was answered and no packet of it has come. */
    public boolean isAwaited() {
        return isAnswered() && !fulfilled;
    }

    void fulfil() {
        fulfilled = true;
    }

    /** @return whether a packet of it has come. */
    public boolean isFulfilled() {
        return fulfilled;
    }
}
