/** {@code sluice bench}: the same work done by Sluice, by the kernel and by other software, side by side in one run. */
package org.sluice.perf.suite;
