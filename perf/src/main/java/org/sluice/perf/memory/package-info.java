/** A worker between ports in memory, with as many flows as wanted: what the benchmarks of the fast path measure. */
package org.sluice.perf.memory;
