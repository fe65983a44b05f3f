package org.sluice.slowpath.settings;

import java.net.InetAddress;

/**
 * A static route.
 *
 * @param to destinations
 * @param via next hop, on the link of one of the interfaces
 */
public record RouteSettings(IpPrefix to, InetAddress via) {}
