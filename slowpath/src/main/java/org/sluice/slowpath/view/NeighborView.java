package org.sluice.slowpath.view;

/**
 * An entry of the neighbour table (ARP).
 *
 * @param address IP address
 * @param mac written with colons; empty while it is not known
 * @param iface name of the interface
 * @param state incomplete, reachable, probe or failed
 */
public record NeighborView(String address, String mac, String iface, String state) {}
