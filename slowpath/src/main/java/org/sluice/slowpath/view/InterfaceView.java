package org.sluice.slowpath.view;

import java.util.List;
import java.util.Map;

/**
 * An interface of the gateway.
 *
 * @param name as configured
 * @param device Linux interface
 * @param zone for policy
 * @param addresses with prefix length
 * @param mac written with colons
 * @param mtu bytes
 * @param up whether it can send and receive
 * @param counters by name, lower case
 */
public record InterfaceView(String name, String device, String zone, List<String> addresses, String mac, int mtu,
        boolean up,
        Map<String, Long> counters) {}
