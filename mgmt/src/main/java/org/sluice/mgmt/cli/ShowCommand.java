package org.sluice.mgmt.cli;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.sluice.mgmt.http.Json;
import org.sluice.slowpath.view.ExpectationView;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.HelperView;
import org.sluice.slowpath.view.InterfaceView;
import org.sluice.slowpath.view.NatView;
import org.sluice.slowpath.view.NeighborView;
import org.sluice.slowpath.view.PolicyView;
import org.sluice.slowpath.view.RouteView;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sluice show}: what the running gateway holds, asked over its HTTP API. */
@Command(name = "show", description = "Shows what the running gateway holds.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "WHAT")
public final class ShowCommand implements Runnable {
    private static final String PAGE = "5000";
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what is to be shown: "
                + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(description = "Flows, in the line format of conntrack -L.", mixinStandardHelpOptions = true)
    void flows(@Mixin FilterOptions filter, @Mixin ClientOptions options) {
        PrintWriter out = spec.commandLine().getOut();
        int shown = 0;
        try (GatewayClient client = options.client()) {
            JsonNode next = null;
            do {
                Map<String, String> parameters = new LinkedHashMap<>(filter.parameters());
                parameters.put("limit", PAGE);
                if (next != null) {
                    parameters.put("from", next.asString());
                }
                JsonNode page = client.get("flows", parameters);
                if (options.json() && next == null) {
                    out.println("[");
                }
                for (JsonNode flow : page.path("flows")) {
                    if (options.json()) {
                        out.println((shown == 0 ? "  " : ", ") + flow);
                    } else {
                        out.println(ConntrackFormat.flow(Json.as(flow, FlowView.class)));
                    }
                    shown++;
                }
                next = page.path("next");
            } while (next.isNumber());
        }
        if (options.json()) {
            out.println("]");
        }
        out.flush();
        if (!options.json()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("sluice " + Version.number() + ": " + shown + " flow entries have been shown.");
            err.flush();
        }
    }

    @Command(description = "Connections that helpers have announced.", mixinStandardHelpOptions = true)
    void expectations(@Mixin ClientOptions options) {
        show("expectations", options, ExpectationView[].class, (out, list) -> {
            for (ExpectationView e : list) {
                out.println(ConntrackFormat.expectation(e));
            }
        });
    }

    @Command(description = "Active helpers and what they have seen.", mixinStandardHelpOptions = true)
    void helpers(@Mixin ClientOptions options) {
        helpers(spec.commandLine().getOut(), options);
    }

    static void helpers(PrintWriter to, ClientOptions options) {
        show(to, "helpers", options, HelperView[].class, (out, list) -> {
            Table table = new Table("NAME", "PROTO", "PORTS", "NAT", "SESSIONS", "EXPECTED", "EVENTS");
            for (HelperView h : list) {
                table.row(h.name(), h.transport(), join(h.ports()), h.nat() ? "yes" : "no", h.sessions(),
                        h.expectations(), join(h.events().entrySet()));
            }
            table.print(out);
            Stream.of(list).filter(h -> !h.problem().isEmpty())
                    .forEach(h -> out.println(h.name() + " was switched off: " + h.problem()));
        });
    }

    @Command(description = "Interfaces, their state and their counters.", mixinStandardHelpOptions = true)
    void interfaces(@Mixin ClientOptions options) {
        show("interfaces", options, InterfaceView[].class, (out, list) -> {
            Table table = new Table("NAME", "DEVICE", "STATE", "ZONE", "MTU", "MAC", "ADDRESSES", "RX", "TX", "MISSED");
            for (InterfaceView i : list) {
                table.row(i.name(), i.device(), i.up() ? "UP" : "DOWN", i.zone(), i.mtu(), i.mac(), join(i.addresses()),
                        i.counters().get("rx_packets"), i.counters().get("tx_packets"), i.counters().get("rx_missed"));
            }
            table.print(out);
        });
    }

    @Command(description = "The neighbour table, as ip neigh prints it.", mixinStandardHelpOptions = true)
    void neighbors(@Mixin ClientOptions options) {
        show("neighbors", options, NeighborView[].class, (out, list) -> {
            for (NeighborView n : list) {
                out.println(n.address() + " dev " + n.iface() + (n.mac().isEmpty() ? "" : " lladdr " + n.mac()) + " "
                        + n.state().toUpperCase(Locale.ROOT));
            }
        });
    }

    @Command(description = "The route table, as ip route prints it.", mixinStandardHelpOptions = true)
    void routes(@Mixin ClientOptions options) {
        show("routes", options, RouteView[].class, (out, list) -> {
            for (RouteView r : list) {
                boolean everything = r.to().equals("0.0.0.0/0") || r.to().endsWith("::/0");
                out.println((everything ? "default" : r.to()) + (r.via().isEmpty() ? "" : " via " + r.via()) + " dev "
                        + r.iface() + (r.via().isEmpty() ? " scope link" : " proto " + r.kind()));
            }
        });
    }

    @Command(description = "Outside ports in use.", mixinStandardHelpOptions = true)
    void nat(@Mixin ClientOptions options) {
        show("nat", options, NatView[].class, (out, list) -> {
            Table table = new Table("ADDRESS", "PROTO", "USED", "OF");
            for (NatView n : list) {
                table.row(n.address(), n.proto(), n.used(), n.size());
            }
            table.print(out);
        });
    }

    @Command(description = "Rules of the policy, and how many new flows each has decided about.", mixinStandardHelpOptions = true)
    void policy(@Mixin ClientOptions options) {
        show("policy", options, PolicyView[].class, (out, list) -> {
            Table table = new Table("RULE", "FROM", "TO", "SRC", "DST", "PROTO", "PORT", "STATE", "ACTION", "FLOWS",
                    "LIMITED");
            for (PolicyView p : list) {
                table.row(p.rule(), any(p.from()), any(p.to()), any(join(p.src())), any(join(p.dst())),
                        any(join(p.proto())), any(join(p.port())), join(p.state()), p.action(), p.flows(),
                        p.limited());
            }
            table.print(out);
        });
    }

    private static String any(String text) {
        return text.isEmpty() ? "any" : text;
    }

    @Command(description = "Every counter: what came, what went, what was dropped and why.", mixinStandardHelpOptions = true)
    void counters(@Mixin ClientOptions options) {
        PrintWriter out = spec.commandLine().getOut();
        try (GatewayClient client = options.client()) {
            JsonNode counters = client.get("counters", Map.of());
            if (options.json()) {
                out.println(Json.pretty(counters));
            } else {
                Table table = new Table("COUNTER", "VALUE");
                counters.properties().forEach(c -> table.row(c.getKey(), c.getValue().asString()));
                table.print(out);
            }
        }
        out.flush();
    }

    @Command(description = "The configuration in force, defaults filled in.", mixinStandardHelpOptions = true)
    void config(@Mixin ClientOptions options) {
        PrintWriter out = spec.commandLine().getOut();
        try (GatewayClient client = options.client()) {
            JsonNode config = client.get("config", Map.of());
            if (options.json()) {
                out.println(Json.pretty(config));
            } else {
                DumpSettings style = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
                out.print(new Dump(style).dumpToString(Json.as(config, Map.class)));
            }
        }
        out.flush();
    }

    private <T> void show(String what, ClientOptions options, Class<T[]> type, BiConsumer<PrintWriter, T[]> print) {
        show(spec.commandLine().getOut(), what, options, type, print);
    }

    private static <T> void show(PrintWriter out, String what, ClientOptions options, Class<T[]> type,
            BiConsumer<PrintWriter, T[]> print) {
        try (GatewayClient client = options.client()) {
            JsonNode list = client.get(what, Map.of()).path(what);
            if (options.json()) {
                out.println(Json.pretty(list));
            } else {
                print.accept(out, Json.as(list, type));
            }
        }
        out.flush();
    }

    private static String join(Collection<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
