package org.sluice.slowpath.view;

import java.util.List;
import java.util.Map;

/**
 * An active helper.
 *
 * @param name as configured
 * @param transport tcp or udp
 * @param ports it watches
 * @param nat whether its NAT half is there
 * @param sessions control connections it reads now
 * @param expectations open now
 * @param events counted so far
 * @param problem why it was switched off; empty while it works
 */
public record HelperView(String name, String transport, List<Integer> ports, boolean nat, int sessions,
        int expectations,
        Map<String, Long> events, String problem) {}
