/** Benchmarks of the fast path in memory, without devices and kernel; {@code packaging/bin/bench} runs them. */
package org.sluice.perf.bench;
