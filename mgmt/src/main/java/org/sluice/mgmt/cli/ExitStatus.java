package org.sluice.mgmt.cli;

/** What the process ends with. */
public final class ExitStatus {
    /** Done. */
    public static final int OK = 0;
    /** Failed at run time. */
    public static final int FAILED = 1;
    /** Wrong usage or configuration. */
    public static final int WRONG_USAGE = 2;

    private ExitStatus() {}
}
