package org.sluice.mgmt.cli;

import java.io.PrintWriter;
import org.sluice.mgmt.http.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sluice flush}: ends what the running gateway holds. */
@Command(name = "flush", description = "Ends flows of the running gateway.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "WHAT")
public final class FlushCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what is to be ended: flows");
    }

    @Command(description = "Ends the flows that the filters pick; all of them without filters.", mixinStandardHelpOptions = true)
    void flows(@Mixin FilterOptions filter, @Mixin ClientOptions options) {
        try (GatewayClient client = options.client()) {
            JsonNode answer = client.delete("flows", filter.parameters());
            if (options.json()) {
                PrintWriter out = spec.commandLine().getOut();
                out.println(Json.pretty(answer));
                out.flush();
            } else {
                PrintWriter err = spec.commandLine().getErr();
                err.println("sluice " + Version.number() + ": " + answer.path("deleted").asInt()
                        + " flow entries have been deleted.");
                err.flush();
            }
        }
    }
}
