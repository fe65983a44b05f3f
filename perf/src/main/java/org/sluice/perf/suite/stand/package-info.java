/** Where rivals are measured, and how each of them is started and ended. */
package org.sluice.perf.suite.stand;
