package org.sluice.perf.suite;

import org.sluice.perf.suite.report.Table;

/** One question, asked of all rivals in one run. */
interface Experiment {

    /** @return the word for it on the command line. */
    String name();

    /** @return the question, for a list. */
    String title();

    /** Measures. What fails for one rival is said in its row, and the others go on. */
    Table run(Bench bench) throws Exception;
}
