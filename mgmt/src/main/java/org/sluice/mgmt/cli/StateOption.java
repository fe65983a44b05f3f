package org.sluice.mgmt.cli;

import java.nio.file.Path;
import org.sluice.mgmt.config.Config;
import org.sluice.mgmt.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the journal is: the state folder itself, or the configuration that names it. */
final class StateOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;
    @Option(names = "--state", paramLabel = "FOLDER", description = "The gateway's state folder (default: the one that the configuration names).")
    private Path state;
    @Mixin
    private ConfigOption config;

    /** @throws CommandLine.ParameterException when there is none */
    Path folder() {
        if (state != null) {
            return state;
        }
        try {
            String named = config.load().config().state();
            if (named.equals(Config.NO_STATE)) {
                throw new CommandLine.ParameterException(spec.commandLine(), config.file()
                        + " names no state folder, so its gateway keeps no journal; name one with --state");
            }
            return Path.of(named);
        } catch (ConfigException e) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                    e.problems().getFirst().format(e.file()) + "; or name the folder with --state", e);
        }
    }
}
