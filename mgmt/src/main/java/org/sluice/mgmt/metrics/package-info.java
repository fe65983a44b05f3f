/** The gateway's numbers as Prometheus reads them, and as people do. They are read when asked for; forwarding never waits. */
package org.sluice.mgmt.metrics;
