/** Connections through a gateway, both ends of which are played here: how many are set up, and completed, in a second. */
package org.sluice.perf.gen.connection;
