/**
 * The management server on Netty: one event loop, a bounded number of connections, one request at a time on each. What is asked
 * of the conductor comes back as a future; nothing here waits.
 */
package org.sluice.mgmt.http;
