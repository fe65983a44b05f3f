/** The flow table that the conductor writes and the workers read, and how a packet is rewritten by its flow. */
package org.sluice.fastpath.flow;
