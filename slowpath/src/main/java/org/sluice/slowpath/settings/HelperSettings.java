package org.sluice.slowpath.settings;

import java.util.List;
import java.util.Map;

/**
 * A helper that is to be active.
 *
 * @param name of the helper
 * @param jar it comes in, or null for one of our own
 * @param ports it watches; empty for its usual ones
 * @param options handed to it
 */
public record HelperSettings(String name, String jar, List<Integer> ports, Map<String, String> options) {}
