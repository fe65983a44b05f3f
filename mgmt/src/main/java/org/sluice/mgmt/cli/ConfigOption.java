package org.sluice.mgmt.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.sluice.mgmt.config.ConfigException;
import org.sluice.mgmt.config.ConfigLoader;
import org.sluice.mgmt.config.ConfigLoader.Loaded;
import picocli.CommandLine.Option;

/** {@code --config FILE}, for every command that reads one. */
final class ConfigOption {
    @Option(names = {"-c",
            "--config"}, paramLabel = "FILE", defaultValue = "/etc/sluice/sluice.yaml", description = "Configuration file (default: ${DEFAULT-VALUE}).")
    private Path file;

    String file() {
        return file.toString();
    }

    Path path() {
        return file;
    }

    Loaded load() throws ConfigException {
        return ConfigLoader.load(file);
    }

    /** One line a problem, in the order of the file. */
    static void print(ConfigException e, PrintWriter err) {
        e.problems().forEach(p -> err.println(p.format(e.file())));
        err.flush();
    }
}
