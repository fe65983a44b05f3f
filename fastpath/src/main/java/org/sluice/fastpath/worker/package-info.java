/** The worker thread, what it can tell of a packet by itself, and its messages to and from the conductor. */
package org.sluice.fastpath.worker;
