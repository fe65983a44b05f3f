package org.sluice.perf.suite.report;

import java.util.List;

/**
 * One run of the suite.
 *
 * @param environment where and when
 * @param tables one an experiment
 */
public record Report(Environment environment, List<Table> tables) {}
