package org.sluice.slowpath.view;

import java.util.List;

/**
 * A rule in force, and how often it has decided. What is empty matches everything.
 *
 * @param rule its name, or its position from 1
 * @param from zone
 * @param to zone
 * @param src addresses and networks
 * @param dst addresses and networks, after translation
 * @param proto protocols
 * @param port of the destination, after translation
 * @param state of connection tracking, in lower case
 * @param action in lower case
 * @param flows new flows that it decided about
 * @param limited those of them that went beyond its limit
 */
public record PolicyView(String rule, String from, String to, List<String> src, List<String> dst, List<String> proto,
        List<String> port, List<String> state, String action, long flows, long limited) {}
