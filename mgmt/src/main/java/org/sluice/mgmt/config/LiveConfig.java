package org.sluice.mgmt.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.mgmt.config.ConfigLoader.Loaded;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.view.GatewayView;

/** The configuration that a gateway runs with, and how another one takes its place. Any thread may call. */
public final class LiveConfig {
    private static final Logger LOG = LoggerFactory.getLogger(LiveConfig.class);

    private final Path file;
    private final GatewayView view;
    private volatile Config current;
    private Waiting waiting;

    /** A configuration that comes back unless somebody confirms the one in its place. Told apart by identity. */
    private static final class Waiting {
        private final Config before;

        Waiting(Config before) {
            this.before = before;
        }
    }

    /**
     * @param file that a reload reads
     * @param current what the gateway was started with
     */
    public LiveConfig(Path file, Config current, GatewayView view) {
        this.file = file;
        this.current = current;
        this.view = view;
    }

    /** @return what is in force. */
    public Config current() {
        return current;
    }

    /** @return where it was read from. */
    public Path file() {
        return file;
    }

    /**
     * What a reload came to.
     *
     * @param warnings about the file
     * @param ended live flows that could not go on: their address or route is gone or, where this was asked for, the policy refuses them
     */
    public record Reloaded(List<Problem> warnings, int ended) {}

    /**
     * Reads the file again and puts it in force.
     *
     * @param live whether live flows that its policy refuses are ended; else they are not touched
     * @return what came of it
     * @throws ConfigException when it is wrong, or differs in what can't change while the gateway runs; then nothing has changed
     */
    public Reloaded reload(boolean live) throws ConfigException {
        return reload(live, null);
    }

    /**
     * The same, for a time: unless {@link #confirm} is called within it, the configuration that was in force before comes back. Another
     * reload meanwhile decides anew; what comes back then is still the last configuration that needed no confirmation.
     *
     * @param within the time, or null to have it stay
     */
    public synchronized Reloaded reload(boolean live, Duration within) throws ConfigException {
        Loaded loaded = ConfigLoader.load(file);
        List<Problem> fixed = fixed(loaded.config());
        if (!fixed.isEmpty()) {
            throw new ConfigException(file.toString(), fixed);
        }
        int ended;
        try {
            ended = view.reload(loaded.config().gateway()).join();
        } catch (IllegalArgumentException | CompletionException e) {
            String message = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new ConfigException(file.toString(), List.of(new Problem(0, 0, "", message, false)));
        }
        Config before = waiting == null ? current : waiting.before;
        current = loaded.config();
        waiting = within == null ? null : new Waiting(before);
        if (waiting != null) {
            Waiting mine = waiting;
            CompletableFuture.delayedExecutor(within.toMillis(), TimeUnit.MILLISECONDS).execute(() -> comeBack(mine));
        }
        return new Reloaded(loaded.warnings(), live ? ended + view.endRefusedFlows().join() : ended);
    }

    /** What was put in force for a time stays. @return false when nothing waited for this */
    public synchronized boolean confirm() {
        boolean waited = waiting != null;
        waiting = null;
        return waited;
    }

    private synchronized void comeBack(Waiting mine) {
        if (waiting != mine) {
            return;
        }
        waiting = null;
        try {
            view.reload(mine.before.gateway()).join();
            current = mine.before;
            LOG.warn("the configuration was not confirmed in time: the one before is in force again; {} still has the"
                    + " other one", file);
        } catch (IllegalArgumentException | CompletionException e) {
            LOG.error("the configuration was not confirmed in time, and the one before can't come back: {}",
                    e.getMessage());
        }
    }

    private List<Problem> fixed(Config next) {
        GatewaySettings now = current.gateway();
        List<Problem> problems = new ArrayList<>();
        demandSame(problems, "interfaces", devices(now), devices(next.gateway()));
        demandSame(problems, "flows.capacity", now.capacity(), next.gateway().capacity());
        demandSame(problems, "workers", current.workers(), next.workers());
        demandSame(problems, "state", current.state(), next.state());
        demandSame(problems, "management", current.management(), next.management());
        demandSame(problems, "log", current.log(), next.log());
        return problems;
    }

    /** Addresses, zones and what else an interface's packets are treated by may change; not what has been opened. */
    private static List<List<Object>> devices(GatewaySettings settings) {
        return settings.interfaces().stream()
                .map(i -> List.<Object>of(i.name(), i.device(), i.vlan(), i.driver(), i.mtu())).toList();
    }

    private static void demandSame(List<Problem> problems, String key, Object now, Object next) {
        if (!Objects.equals(now, next)) {
            problems.add(new Problem(0, 0, key, "can't change while the gateway runs; restart it to have this in force",
                    false));
        }
    }
}
