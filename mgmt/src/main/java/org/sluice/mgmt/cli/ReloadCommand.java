package org.sluice.mgmt.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.mgmt.http.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
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
    @Option(names = "--confirm", paramLabel = "TIME", converter = WaitConverter.class, description = {
            "Have the configuration of now come back after this time, such as 60s or 5m, unless sluice confirm is run before."})
    private Duration confirm;

    /** Whole seconds up to a day. */
    static final class WaitConverter implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("(\\d{1,5})([smh]?)");

        @Override
        public Duration convert(String text) {
            Matcher m = TIME.matcher(text);
            Duration time = Duration.ZERO;
            if (m.matches()) {
                long number = Long.parseLong(m.group(1));
                time = switch (m.group(2)) {
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofSeconds(number);
                };
            }
            if (time.isZero() || time.compareTo(Duration.ofDays(1)) > 0) {
                throw new TypeConversionException(
                        "\"" + text + "\" is not a time up to a day; write for example 60s or 5m");
            }
            return time;
        }
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (GatewayClient client = options.client()) {
            JsonNode answer = client.post("reload", parameters(), Map.of());
            answer.path("warnings").forEach(w -> err.println(w.asString()));
            if (options.json()) {
                out.println(Json.pretty(answer));
            } else {
                String ended = live || answer.path("ended").asInt() > 0
                        ? "; " + answer.path("ended").asInt() + " live flows were ended"
                        : "";
                String until = confirm == null
                        ? ""
                        : "; the one before comes back in " + confirm.toSeconds() + " s unless you run: sluice confirm";
                out.println(answer.path("file").asString() + ": in force" + ended + until);
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

    private Map<String, String> parameters() {
        Map<String, String> parameters = new HashMap<>();
        if (live) {
            parameters.put("live", "true");
        }
        if (confirm != null) {
            parameters.put("confirm", Long.toString(confirm.toSeconds()));
        }
        return parameters;
    }
}
