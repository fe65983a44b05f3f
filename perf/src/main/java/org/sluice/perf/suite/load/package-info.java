/** What is sent through rivals, and what is measured of it. */
package org.sluice.perf.suite.load;
