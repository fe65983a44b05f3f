/** The flow table that the conductor writes and the workers read, and the rewrite that a flow prepares. */
package org.sluice.fastpath.flow;
