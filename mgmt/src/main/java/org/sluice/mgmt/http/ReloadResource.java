package org.sluice.mgmt.http;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.sluice.mgmt.config.ConfigException;
import org.sluice.mgmt.config.LiveConfig;
import org.sluice.mgmt.config.Problem;

/**
 * {@code POST /api/v1/reload}: the configuration is read again; {@code live=true} applies its policy to live flows too. It is wrong:
 * 422, every error told, nothing changed.
 */
final class ReloadResource {
    private static final int UNPROCESSABLE = 422;
    /** Reading a file must not hold up other requests. */
    private static final Executor READER = Thread::startVirtualThread;

    private static final int CONFLICT = 409;
    private static final int MAX_CONFIRM = 86_400;

    private final LiveConfig config;

    ReloadResource(LiveConfig config) {
        this.config = config;
    }

    CompletableFuture<Answer> reload(Request request) {
        request.allowParameters(Set.of("live", "confirm"));
        boolean live = request.flag("live");
        int seconds = request.number("confirm", 0, 1, MAX_CONFIRM);
        Duration within = seconds == 0 ? null : Duration.ofSeconds(seconds);
        return CompletableFuture.supplyAsync(() -> reload(live, within), READER);
    }

    CompletableFuture<Answer> confirm(Request request) {
        request.allowParameters(Set.of());
        return CompletableFuture.supplyAsync(() -> config.confirm()
                ? Answer.json(Map.of("file", config.file().toString(), "confirmed", true))
                : Answer.problem(CONFLICT, "no configuration waits to be confirmed; its time may be over"), READER);
    }

    private Answer reload(boolean live, Duration within) {
        String file = config.file().toString();
        try {
            LiveConfig.Reloaded reloaded = config.reload(live, within);
            return Answer.json(Map.of("file", file, "warnings", lines(file, reloaded.warnings()), "ended",
                    reloaded.ended()));
        } catch (ConfigException e) {
            return Answer.problem(UNPROCESSABLE, "the configuration was not changed",
                    Map.of("errors", lines(e.file(), e.problems())));
        }
    }

    private static List<String> lines(String file, List<Problem> problems) {
        return problems.stream().map(p -> p.format(file)).toList();
    }
}
