package org.sluice.slowpath.view;

import java.util.List;

/**
 * One packet on its way through the gateway.
 *
 * @param time when the kernel saw it, as ISO 8601 has it
 * @param in interface it came in through; empty when that is not known any more
 * @param packet in words
 * @param length of the frame
 * @param frame as it came in, in hexadecimal; the first bytes of it
 * @param hops what was decided, in order
 * @param sent what left because of it
 * @param verdict forwarded, delivered, held or dropped
 * @param reason of a drop, as in {@code sluice_drops_total}; empty otherwise
 */
public record TraceView(String time, String in, String packet, int length, String frame, List<Hop> hops,
        List<Sent> sent, String verdict, String reason) {

    /**
     * One decision.
     *
     * @param step who decided
     * @param decision what, and why
     */
    public record Hop(String step, String decision) {}

    /**
     * A frame that left.
     *
     * @param out interface
     * @param packet in words
     * @param length of the frame
     * @param frame in hexadecimal; the first bytes of it
     */
    public record Sent(String out, String packet, int length, String frame) {}
}
