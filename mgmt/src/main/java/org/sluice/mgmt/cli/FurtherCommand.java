package org.sluice.mgmt.cli;

import java.util.concurrent.Callable;

/**
 * A command of {@code sluice} that another module brings: a picocli command with a public constructor without parameters. Found by
 * {@link java.util.ServiceLoader}, so a jar on the class path is enough. What {@code call} returns is the exit status, see
 * {@link ExitStatus}; an exception it throws ends the command with its message and {@link ExitStatus#FAILED}.
 */
public interface FurtherCommand extends Callable<Integer> {}
