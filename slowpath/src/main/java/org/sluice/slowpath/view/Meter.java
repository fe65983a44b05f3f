package org.sluice.slowpath.view;

import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * One number to be watched.
 *
 * @param name of the Prometheus family without {@code _total}, such as {@code sluice_drops}
 * @param help one sentence
 * @param kind counter or gauge
 * @param labels names and values
 * @param value cheap to read, from any thread
 */
public record Meter(String name, String help, Kind kind, Map<String, String> labels, DoubleSupplier value) {

    /** How Prometheus is to understand the value. */
    public enum Kind {
        COUNTER, GAUGE
    }
}
