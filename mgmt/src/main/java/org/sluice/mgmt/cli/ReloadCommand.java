package org.sluice.mgmt.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.sluice.mgmt.http.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sluice reload}: the running gateway reads its configuration again. */
@Command(name = "reload", mixinStandardHelpOptions = true, description = {
        "Has the running gateway read its configuration again.",
        "Live flows are not touched unless --live is given; a wrong file changes nothing."})
public final class ReloadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private ClientOptions options;
    @Option(names = "--live", description = "End the live flows that the new policy would not let begin.")
    private boolean live;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (GatewayClient client = options.client()) {
            JsonNode answer = client.post("reload", live ? Map.of("live", "true") : Map.of(), Map.of());
            answer.path("warnings").forEach(w -> err.println(w.asString()));
            if (options.json()) {
                out.println(Json.pretty(answer));
            } else {
                String ended = live || answer.path("ended").asInt() > 0
                        ? "; " + answer.path("ended").asInt() + " live flows were ended"
                        : "";
                out.println(answer.path("file").asString() + ": in force" + ended);
            }
            return ExitStatus.OK;
        } catch (RefusedException e) {
            e.errors().forEach(err::println);
            err.println("sluice: " + e.getMessage());
            return ExitStatus.WRONG_USAGE;
        } finally {
            out.flush();
            err.flush();
        }
    }
}
