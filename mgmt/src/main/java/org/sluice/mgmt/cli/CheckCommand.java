package org.sluice.mgmt.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.sluice.mgmt.config.ConfigException;
import org.sluice.mgmt.config.Problem;
import org.sluice.mgmt.http.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice check}: says everything that is wrong with a configuration and touches nothing. */
@Command(name = "check", description = "Checks a configuration file; touches nothing.", mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private ConfigOption config;
    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    /**
     * The result as JSON.
     *
     * @param file that was checked
     * @param ok whether it can be used
     * @param problems errors and warnings in the order of the file
     */
    record Result(String file, boolean ok, List<Problem> problems) {}

    @Override
    public Integer call() {
        try {
            List<Problem> warnings = config.load().warnings();
            print(config.file(), true, warnings);
            return ExitStatus.OK;
        } catch (ConfigException e) {
            print(e.file(), false, e.problems());
            return ExitStatus.WRONG_USAGE;
        }
    }

    private void print(String file, boolean ok, List<Problem> problems) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (json) {
            out.println(Json.pretty(new Result(file, ok, problems)));
        } else {
            problems.forEach(p -> err.println(p.format(file)));
            err.flush();
            out.println(ok ? file + ": ok" : file + ": " + count(problems));
        }
        out.flush();
    }

    private static String count(List<Problem> problems) {
        long errors = problems.stream().filter(p -> !p.warning()).count();
        return errors == 1 ? "1 error" : errors + " errors";
    }
}
