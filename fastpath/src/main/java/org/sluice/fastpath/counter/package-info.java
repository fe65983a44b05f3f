/** Counters off heap, one writer each, and the lists of what is counted. */
package org.sluice.fastpath.counter;
