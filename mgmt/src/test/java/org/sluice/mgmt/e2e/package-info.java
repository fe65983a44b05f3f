/**
 * Scenarios with real servers and clients in network namespaces, through a gateway that runs as a process of its own. They need
 * root and what {@code packaging/bin/verify --tools-only} installs.
 */
package org.sluice.mgmt.e2e;
