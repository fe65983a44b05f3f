package org.sluice.slowpath.view;

/**
 * A route.
 *
 * @param to prefix
 * @param via next hop; empty on the link itself
 * @param iface name of the interface
 * @param kind link or static
 */
public record RouteView(String to, String via, String iface, String kind) {}
