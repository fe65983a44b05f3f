package org.sluice.slowpath.conntrack;

import org.sluice.fastpath.wire.Sctp;
import org.sluice.slowpath.settings.Timeout;

/**
 * The states of a tracked SCTP association (RFC 9260 section 4 as one sees it from between), by the names of nf_conntrack, and which
 * chunk leads from one to the next.
 */
public enum SctpState {
    CLOSED(Timeout.SCTP_CLOSED),
    COOKIE_WAIT(Timeout.SCTP_COOKIE_WAIT),
    COOKIE_ECHOED(Timeout.SCTP_COOKIE_ECHOED),
    ESTABLISHED(Timeout.SCTP_ESTABLISHED),
    /** The side that opened wants to end. */
    SHUTDOWN_SENT(Timeout.SCTP_SHUTDOWN_SENT),
    /** The side that answered wants to end. */
    SHUTDOWN_RECD(Timeout.SCTP_SHUTDOWN_RECD),
    SHUTDOWN_ACK_SENT(Timeout.SCTP_SHUTDOWN_ACK_SENT),
    /** A path of an association that began elsewhere is tried (RFC 9260 8.3). */
    HEARTBEAT_SENT(Timeout.SCTP_HEARTBEAT_SENT);

    private static final SctpState[] ALL = values();
    private final Timeout timeout;

    SctpState(Timeout timeout) {
        this.timeout = timeout;
    }

    /** @return the state of that number in a flow record; a number that there is not means {@link #ESTABLISHED}. */
    public static SctpState of(int ordinal) {
        return ordinal < ALL.length ? ALL[ordinal] : ESTABLISHED;
    }

    /** @return how long a flow may be idle in this state. */
    public Timeout timeout() {
        return timeout;
    }

    /** @return whether both sides have agreed on their tags. */
    public boolean isOpen() {
        return switch (this) {
            case CLOSED, COOKIE_WAIT, COOKIE_ECHOED, HEARTBEAT_SENT -> false;
            case ESTABLISHED, SHUTDOWN_SENT, SHUTDOWN_RECD, SHUTDOWN_ACK_SENT -> true;
        };
    }

    /**
     * @param reply whether the chunk comes from the side that answered
     * @param chunk type of the first chunk of a packet whose tag is right
     * @return the state it leads to; this one when it leads nowhere
     */
    public SctpState next(boolean reply, int chunk) {
        return switch (chunk) {
            case Sctp.INIT -> isOpen() || this == COOKIE_ECHOED ? this : COOKIE_WAIT;
            case Sctp.COOKIE_ECHO -> this == COOKIE_WAIT ? COOKIE_ECHOED : this;
            case Sctp.COOKIE_ACK -> this == COOKIE_ECHOED ? ESTABLISHED : this;
            case Sctp.ABORT -> CLOSED;
            case Sctp.SHUTDOWN -> this == ESTABLISHED ? reply ? SHUTDOWN_RECD : SHUTDOWN_SENT : this;
            case Sctp.SHUTDOWN_ACK -> isOpen() ? SHUTDOWN_ACK_SENT : this;
            case Sctp.SHUTDOWN_COMPLETE -> this == SHUTDOWN_ACK_SENT ? CLOSED : this;
            case Sctp.HEARTBEAT -> this == CLOSED && !reply ? HEARTBEAT_SENT : this;
            default -> this;
        };
    }
}
