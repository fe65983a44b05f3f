package org.sluice.slowpath.conntrack;

import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.settings.Timeout;

/**
 * The states of a tracked TCP connection, by the names of nf_conntrack, and which segment leads from one to the next. A segment
 * that leads nowhere changes nothing and is passed on, so that the endpoint itself can answer it (RFC 5961).
 */
public enum TcpState {
    NONE(Timeout.TCP_CLOSE),
    SYN_SENT(Timeout.TCP_SYN_SENT),
    SYN_RECV(Timeout.TCP_SYN_RECV),
    ESTABLISHED(Timeout.TCP_ESTABLISHED),
    /** One side has sent FIN. */
    FIN_WAIT(Timeout.TCP_FIN_WAIT),
    /** That FIN was acknowledged. */
    CLOSE_WAIT(Timeout.TCP_CLOSE_WAIT),
    /** Both sides have sent FIN. */
    LAST_ACK(Timeout.TCP_LAST_ACK),
    /** Both FINs were acknowledged. */
    TIME_WAIT(Timeout.TCP_TIME_WAIT),
    /** Reset. */
    CLOSE(Timeout.TCP_CLOSE),
    /** Simultaneous open: a SYN from each side. */
    SYN_SENT2(Timeout.TCP_SYN_SENT2);

    private static final TcpState[] ALL = values();
    private final Timeout timeout;

    TcpState(Timeout timeout) {
        this.timeout = timeout;
    }

    /** @return the state of that number in a flow record. */
    public static TcpState of(int ordinal) {
        return ALL[ordinal];
    }

    /** @return whether the sides have not yet agreed on their first sequence numbers. */
    boolean isOpening() {
        return this == NONE || this == SYN_SENT || this == SYN_SENT2 || this == SYN_RECV;
    }

    /** @return whether a side has sent its FIN. */
    boolean isClosing() {
        return this == FIN_WAIT || this == CLOSE_WAIT || this == LAST_ACK || this == TIME_WAIT;
    }

    /** @return how long a flow may be idle in this state. */
    public Timeout timeout() {
        return timeout;
    }

    /**
     * @param reply whether the segment comes from the side that answered
     * @param flags of the segment, whose sequence number the caller has found plausible
     * @return the state it leads to; this one when it leads nowhere
     */
    public TcpState next(boolean reply, int flags) {
        if ((flags & Tcp.RST) != 0) {
            return this == NONE ? this : CLOSE;
        }
        if ((flags & Tcp.SYN) != 0) {
            return (flags & Tcp.ACK) == 0 ? onSyn(reply) : onSynAck(reply);
        }
        return (flags & Tcp.FIN) != 0 ? onFin() : onAck(reply);
    }

    private TcpState onSyn(boolean reply) {
        return switch (this) {
            case NONE -> reply ? NONE : SYN_SENT;
            case SYN_SENT -> reply ? SYN_SENT2 : SYN_SENT;
            default -> this;
        };
    }

    private TcpState onSynAck(boolean reply) {
        return switch (this) {
            case SYN_SENT -> reply ? SYN_RECV : this;
            case SYN_SENT2 -> SYN_RECV;
            default -> this;
        };
    }

    private TcpState onFin() {
        return switch (this) {
            case SYN_RECV, ESTABLISHED -> FIN_WAIT;
            default -> this;
        };
    }

    private TcpState onAck(boolean reply) {
        return this == SYN_RECV && !reply ? ESTABLISHED : this;
    }
}
