package org.sluice.mgmt.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace by its name in ip-netns(8). Any thread may call.
 *
 * @param name unique on this machine
 * @param undo where it and the processes in it are written down
 */
public record Namespace(String name, UndoLog undo) {

    /** Makes a namespace whose loopback is up. */
    public static Namespace make(String name, UndoLog undo) {
        undo.namespace(name);
        Shell.run("ip", "netns", "add", name);
        Namespace namespace = new Namespace(name, undo);
        namespace.run("ip", "link", "set", "lo", "up");
        return namespace;
    }

    /** @return the command line that runs a command in this namespace. */
    public List<String> inside(List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(command);
        return all;
    }

    /** Runs a command that must succeed. @return what it printed. */
    public String run(String... command) {
        return Shell.run(inside(List.of(command)).toArray(String[]::new));
    }

    /**
     * Runs a command that may fail.
     *
     * @param seconds after which it is killed
     */
    public Shell.Result attempt(int seconds, String... command) {
        return Shell.attempt(seconds, inside(List.of(command)));
    }

    /**
     * Starts a process that the undo log ends.
     *
     * @param log file that takes its output
     */
    public Process start(List<String> command, Path log) {
        return start(inside(command), log, undo);
    }

    /**
     * Starts a process in this process's own namespace.
     *
     * @param log file that takes its output
     * @param undo that ends it
     */
    public static Process start(List<String> command, Path log, UndoLog undo) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile())
                    .start();
            undo.process(process);
            return process;
        } catch (IOException e) {
            throw new LabException("can't run " + command.getFirst() + ": " + e.getMessage(), e);
        }
    }
}
