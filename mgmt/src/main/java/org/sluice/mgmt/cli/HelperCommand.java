package org.sluice.mgmt.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sluice.mgmt.http.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sluice helper}: helper modules, while the gateway runs. */
@Command(name = "helper", description = "Lists, loads and unloads helpers of the running gateway.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
public final class HelperCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what is to be done: list, load or unload");
    }

    @Command(description = "Lists the active helpers; the same as \"sluice show helpers\".", mixinStandardHelpOptions = true)
    void list(@Mixin ClientOptions options) {
        ShowCommand.helpers(spec.commandLine().getOut(), options);
    }

    @Command(description = {"Makes a helper active, until it is unloaded or the configuration is reloaded.",
            "New connections to its ports are read from now on."}, mixinStandardHelpOptions = true)
    void load(
            @Parameters(paramLabel = "JAR", description = "File that holds the helper, as the gateway sees it; or the name of a helper that is built in.") String what,
            @Option(names = "--ports", split = ",", paramLabel = "PORT", description = "Ports that it watches (default: its usual ones).") List<Integer> ports,
            @Option(names = "--option", paramLabel = "KEY=VALUE", description = "Handed to the helper.") Map<String, String> settings,
            @Mixin ClientOptions options) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (what.contains("/") || what.endsWith(".jar")) {
            body.put("jar", Path.of(what).toAbsolutePath().toString());
        } else {
            body.put("name", what);
        }
        body.put("ports", ports == null ? List.of() : ports);
        body.put("options", settings == null ? Map.of() : settings);
        try (GatewayClient client = options.client()) {
            JsonNode answer = client.post("helpers", body);
            print(options.json() ? Json.pretty(answer) : answer.path("loaded").asString() + ": loaded");
        }
    }

    @Command(description = "Takes a helper out; its live connections go on as plain flows.", mixinStandardHelpOptions = true)
    void unload(@Parameters(paramLabel = "NAME", description = "As \"sluice helper list\" shows it.") String name,
            @Mixin ClientOptions options) {
        try (GatewayClient client = options.client()) {
            JsonNode answer = client.delete("helpers/" + name, Map.of());
            print(options.json() ? Json.pretty(answer) : answer.path("unloaded").asString() + ": unloaded");
        }
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text.stripTrailing());
        out.flush();
    }
}
