package org.sluice.slowpath.conntrack;

import java.util.Locale;

/** Why a flow ended; shown in lower case as {@code sluice_flows_ended_total{reason}}. */
public enum EndReason {
    /** Nothing was seen for as long as its state allows. */
    TIMEOUT,
    /** Its addresses and ports began a new connection. */
    REOPENED,
    /** Somebody asked for it. */
    FLUSHED,
    /** The rules that are in force by now would not let it begin, and somebody asked that this be applied to live flows. */
    REFUSED,
    /** An address of the gateway's that it was translated to or asked for is the gateway's no more. */
    ADDRESS_GONE,
    /** No route leads where it goes, or one by an interface whose address it does not have. */
    PATH_GONE,
    /** Nobody had answered it, and its place was needed. */
    EARLY_DROP,
    /** The call that it carried is over. */
    CLEARED;

    /** @return the name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
