package org.sluice.perf.gen.connection;

import org.sluice.perf.gen.load.Rate;

/**
 * What came of connections.
 *
 * @param nanos from the first packet until the client had its last answer
 * @param openingNanos from the first packet until the last connection was opened
 * @param opened connections whose first packet was sent
 * @param established of TCP: those whose three segments of the handshake all arrived; of UDP: those whose answer arrived
 * @param closed those of which each end's FIN and its acknowledgement arrived
 * @param missed frames that a ring of the generator had no room for: the generator was too slow, not what is measured
 */
public record ConnectionResult(long nanos, long openingNanos, long opened, long established, long closed, long missed) {

    /** @return connections a second that were opened. */
    public double openedRate() {
        return Rate.perSecond(opened, openingNanos);
    }

    /** @return connections a second. */
    public double establishedRate() {
        return Rate.perSecond(established, nanos);
    }

    /** @return connections a second. */
    public double closedRate() {
        return Rate.perSecond(closed, nanos);
    }

    /** @return those that were not established, of those opened, from 0 to 1. */
    public double lossRatio() {
        return opened == 0 ? 1 : (double) (opened - established) / opened;
    }
}
