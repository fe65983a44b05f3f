/** Traced packets, for people and for Wireshark. */
package org.sluice.mgmt.trace;
