package org.sluice.mgmt.http;

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

    private final LiveConfig config;

    ReloadResource(LiveConfig config) {
        this.config = config;
    }

    CompletableFuture<Answer> reload(Request request) {
        request.allowParameters(Set.of("live"));
        boolean live = request.flag("live");
        return CompletableFuture.supplyAsync(() -> reload(live), READER);
    }

    private Answer reload(boolean live) {
        String file = config.file().toString();
        try {
            LiveConfig.Reloaded reloaded = config.reload(live);
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
