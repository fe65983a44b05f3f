/**
 * What a helper sees of the gateway: an in-order byte stream or datagrams, {@link org.sluice.helpers.spi.Control#expect}
 * and, in its NAT half, a place to write an endpoint. No packets, no sequence numbers, no tables, no verdicts: whatever a
 * helper does, the control connection goes on.
 */
package org.sluice.helpers.spi;
