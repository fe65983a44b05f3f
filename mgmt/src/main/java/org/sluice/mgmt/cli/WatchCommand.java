package org.sluice.mgmt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.sluice.mgmt.http.Json;
import org.sluice.mgmt.watch.Rates;
import org.sluice.mgmt.watch.Sample;
import org.sluice.mgmt.watch.Screen;
import org.sluice.mgmt.watch.WatchScreen;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.InterfaceView;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sluice watch}: a live view of the running gateway. */
@Command(name = "watch", description = {
        "Shows what the gateway does now: rates, the flows that move most, drops by reason.",
        "On a terminal it fills the screen until q or Ctrl-C; elsewhere it prints one frame after the other."}, mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {
    private static final int PAGE = 5_000;
    private static final int MAX_FLOWS = 50_000;
    private static final int MAX_TOP = 100;
    private static final int MAX_SECONDS = 3_600;
    private static final int WIDE = 120;
    @Mixin
    private ClientOptions options;
    @Option(names = {"-i",
            "--interval"}, paramLabel = "SECONDS", defaultValue = "1", description = "Time between two frames, from 0.1 on (default: ${DEFAULT-VALUE}).")
    private double interval;
    @Option(names = {"-n", "--count"}, paramLabel = "COUNT", description = "End after that many frames.")
    private Integer count;
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(interval >= 0.1 && interval <= MAX_SECONDS)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--interval must be from 0.1 to 3600 seconds");
        }
        if (count != null && count < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "-n must be at least 1");
        }
        try (GatewayClient client = options.client()) {
            // before the screen is taken: what fails here is to be seen
            Sample first = sample(client);
            try (Screen screen = options.json() ? null : Screen.open(spec.commandLine().getOut())) {
                watch(client, first, screen);
            }
        }
        return ExitStatus.OK;
    }

    private void watch(GatewayClient client, Sample first, Screen screen) throws IOException, InterruptedException {
        Sample before = first;
        long millis = Math.round(interval * TimeUnit.SECONDS.toMillis(1));
        for (int frame = 0; count == null || frame < count; frame++) {
            if (screen == null) {
                Thread.sleep(millis);
            } else if (screen.isLeft(millis)) {
                return;
            }
            Sample now = sample(client);
            show(Rates.between(before, now, MAX_TOP), screen);
            before = now;
        }
    }

    private void show(Rates rates, Screen screen) {
        String title = "sluice at " + options.url() + ", every " + interval + " s";
        if (screen != null) {
            int[] size = screen.size();
            screen.show(WatchScreen.lines(title + "; q ends", rates, size[1], size[0]));
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (options.json()) {
            out.println(Json.text(rates));
        } else {
            WatchScreen.lines(title, rates, WIDE, Screen.usualSize()[0]).forEach(out::println);
            out.println();
        }
        if (out.checkError()) {
            throw new ClientException("nobody reads what is printed");
        }
    }

    private static Sample sample(GatewayClient client) {
        List<InterfaceView> interfaces = List
                .of(Json.as(client.get("interfaces", Map.of()).path("interfaces"), InterfaceView[].class));
        Map<String, Double> counters = new HashMap<>();
        client.get("counters", Map.of()).properties().forEach(c -> counters.put(c.getKey(), c.getValue().asDouble()));
        List<FlowView> flows = new ArrayList<>();
        JsonNode next = null;
        do {
            Map<String, String> parameters = new LinkedHashMap<>(Map.of("limit", Integer.toString(PAGE)));
            if (next != null) {
                parameters.put("from", next.asString());
            }
            JsonNode page = client.get("flows", parameters);
            page.path("flows").forEach(flow -> flows.add(Json.as(flow, FlowView.class)));
            next = page.path("next");
        } while (next.isNumber() && flows.size() < MAX_FLOWS);
        return new Sample(System.nanoTime(), interfaces, counters, flows, !next.isNumber());
    }
}
