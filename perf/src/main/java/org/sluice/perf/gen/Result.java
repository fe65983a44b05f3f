package org.sluice.perf.gen;

import org.sluice.perf.gen.load.FrameSizes;
import org.sluice.perf.gen.load.Rate;

/**
 * What came of a run. Bytes count the Ethernet header and the frame check sequence.
 *
 * @param nanos from the first frame to the last
 * @param sent frames that the device took
 * @param refused frames that the device did not take in the end, for instance because its peer was down; not among those sent
 * @param received frames of the run that came to the sink, once or more often
 * @param lost frames sent that never came
 * @param duplicates frames that had come before
 * @param reordered frames that came after a later one of their flow
 * @param other frames at the sink that were not the run's
 * @param missed frames that the sink's own ring had no room for, whosever they were: the sink was too slow, not what is measured
 * @param leftOut frames of a capture that could not be sent, because they are longer than the device takes or were captured in part
 * @param latency of stamped frames; null when none came
 */
public record Result(long nanos, long sent, long sentBytes, long refused, long received, long receivedBytes, long lost,
        long duplicates, long reordered, long other, long missed, long leftOut, Latency latency) {

    /** A device's counters at one moment. */
    record Mark(long sent, long bytes, long refused) {}

    static Result of(long nanos, Mark sent, Arrivals arrivals, long missed) {
        long received = arrivals.get(ArrivalCounter.RECEIVED);
        return new Result(nanos, sent.sent, sent.bytes + sent.sent * FrameSizes.CHECK_SEQUENCE, sent.refused, received,
                arrivals.get(ArrivalCounter.BYTES) + received * FrameSizes.CHECK_SEQUENCE,
                Math.max(0, sent.sent - arrivals.unique()), arrivals.get(ArrivalCounter.DUPLICATES),
                arrivals.get(ArrivalCounter.REORDERED), arrivals.get(ArrivalCounter.OTHER), missed, 0,
                arrivals.latency());
    }

    Result leftOut(long frames) {
        return new Result(nanos, sent, sentBytes, refused, received, receivedBytes, lost, duplicates, reordered, other,
                missed, frames, latency);
    }

    /** @return frames sent a second. */
    public double sentRate() {
        return perSecond(sent);
    }

    /** @return frames received a second, of the time in which they were sent. */
    public double receivedRate() {
        return perSecond(received);
    }

    /** @return bits sent a second. */
    public double sentBitRate() {
        return perSecond(sentBytes) * Byte.SIZE;
    }

    /** @return bits received a second. */
    public double receivedBitRate() {
        return perSecond(receivedBytes) * Byte.SIZE;
    }

    /** @return lost of sent, from 0 to 1. */
    public double lossRatio() {
        return sent == 0 ? 0 : (double) lost / sent;
    }

    private double perSecond(long amount) {
        return Rate.perSecond(amount, nanos);
    }
}
