package org.sluice.mgmt.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.sluice.mgmt.http.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sluice confirm}: what {@code sluice reload --confirm} put in force for a time stays. */
@Command(name = "confirm", mixinStandardHelpOptions = true, description = {
        "Lets the configuration stay that sluice reload --confirm put in force for a time."})
public final class ConfirmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private ClientOptions options;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (GatewayClient client = options.client()) {
            JsonNode answer = client.post("reload/confirm", Map.of(), Map.of());
            out.println(options.json() ? Json.pretty(answer) : answer.path("file").asString() + ": confirmed");
            return ExitStatus.OK;
        }
    }
}
