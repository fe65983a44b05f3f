/**
 * Conversations that need a gateway's helpers, or that helpers must not fall for, with both ends played by real sockets in the
 * network namespaces of a {@link org.sluice.mgmt.lab.Topology}. They run through any gateway: the end-to-end tests put Sluice in
 * the middle, the comparison in perf Linux's own helpers and Sluice by turns.
 */
package org.sluice.mgmt.lab.session;
