package org.sluice.mgmt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.mgmt.Gateway;
import org.sluice.mgmt.config.Config;
import org.sluice.mgmt.config.ConfigException;
import org.sluice.mgmt.config.ConfigLoader.Loaded;
import org.sluice.mgmt.config.LiveConfig;
import org.sluice.mgmt.http.HttpServer;
import org.sluice.mgmt.http.ManagementApi;
import org.sluice.slowpath.view.GatewayView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice run}: the gateway in the foreground, until SIGTERM or SIGINT. */
@Command(name = "run", description = "Runs the gateway in the foreground.", mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    private final Starter starter;
    private final StopSignal stop;
    private final boolean signals;
    @Spec
    private CommandSpec spec;
    @Mixin
    private ConfigOption config;

    /** Starts the gateway. */
    interface Starter {
        Running start(Config config) throws IOException;
    }

    /** The gateway while it runs. */
    interface Running extends AutoCloseable {
        GatewayView view();

        @Override
        void close();
    }

    /** The command as people use it. */
    public RunCommand() {
        this(RunCommand::startGateway, new StopSignal(), true);
    }

    /** @param signals whether the signals of this process stop the gateway */
    RunCommand(Starter starter, StopSignal stop, boolean signals) {
        this.starter = starter;
        this.stop = stop;
        this.signals = signals;
    }

    private static Running startGateway(Config config) throws IOException {
        Gateway gateway = Gateway.start(config);
        return new Running() {
            @Override
            public GatewayView view() {
                return gateway.view();
            }

            @Override
            public void close() {
                gateway.close();
            }
        };
    }

    @Override
    public Integer call() {
        if (signals) {
            stop.install();
        }
        int status = run();
        stop.status(status);
        if (status == ExitStatus.OK) {
            ClassArchive.writeIfWanted();
        }
        stop.stopped();
        return status;
    }

    private int run() {
        PrintWriter err = spec.commandLine().getErr();
        Loaded loaded;
        try {
            loaded = config.load();
        } catch (ConfigException e) {
            ConfigOption.print(e, err);
            return ExitStatus.WRONG_USAGE;
        }
        Logging.apply(loaded.config().log());
        loaded.warnings().forEach(w -> LoggerFactory.getLogger(RunCommand.class).warn("{}", w.format(config.file())));
        try {
            serve(loaded.config(), config.path());
            return ExitStatus.OK;
        } catch (IOException | RuntimeException e) {
            LoggerFactory.getLogger(RunCommand.class).debug("could not run", e);
            err.println("sluice: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            err.flush();
            return ExitStatus.FAILED;
        }
    }

    private void serve(Config settings, Path file) throws IOException {
        try (Running gateway = starter.start(settings)) {
            LiveConfig live = new LiveConfig(file, settings, gateway.view());
            if (signals) {
                HangUp.install(() -> reload(live));
            }
            serve(settings, gateway, live);
        }
    }

    private static void reload(LiveConfig live) {
        Logger log = LoggerFactory.getLogger(RunCommand.class);
        try {
            live.reload(false).warnings().forEach(w -> log.warn("{}", w.format(live.file().toString())));
            log.info("{} is in force", live.file());
        } catch (ConfigException e) {
            e.problems().forEach(p -> log.error("{}", p.format(e.file())));
            log.error("the configuration was not changed");
        }
    }

    private void serve(Config settings, Running gateway, LiveConfig live) throws IOException {
        try (ManagementApi api = new ManagementApi(gateway.view(), live);
                HttpServer server = HttpServer.start(settings.management(), api.routes())) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("ready: " + interfaces(settings) + "; management on " + server.url());
            out.flush();
            stop.await();
        }
    }

    private static String interfaces(Config settings) {
        return settings.gateway().interfaces().stream().map(i -> i.name() + " (" + i.device() + ")")
                .collect(Collectors.joining(", "));
    }
}
