/** {@code sluice gen}: sends frames through a device as fast as it takes them or at a rate, and counts those that arrive. */
package org.sluice.perf.gen;
