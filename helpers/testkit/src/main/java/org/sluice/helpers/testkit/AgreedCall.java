package org.sluice.helpers.testkit;

/**
 * A call of PPTP that was opened and answered.
 *
 * @param original call ID that the side chose which opened the control connection
 * @param originalSeen call ID that the other side has to use for it
 * @param reply call ID that the other side chose
 * @param replySeen call ID that the side has to use for it which opened the control connection
 */
public record AgreedCall(int original, int originalSeen, int reply, int replySeen) {}
