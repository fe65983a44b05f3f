package org.sluice.mgmt.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.sluice.mgmt.Sluice;
import picocli.CommandLine;

/**
 * A command line that was carried out in this process.
 *
 * @param status that the process would have ended with
 * @param out standard output
 * @param err standard error
 */
record Cli(int status, String out, String err) {

    /** Carries out {@code sluice} with these arguments. */
    static Cli sluice(String... args) {
        return execute(Sluice.commandLine(args), args);
    }

    static Cli execute(CommandLine line, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = line.execute(args);
        return new Cli(status, out.toString(), err.toString());
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
