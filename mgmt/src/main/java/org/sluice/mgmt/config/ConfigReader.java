package org.sluice.mgmt.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.HelperSettings;
import org.sluice.slowpath.settings.HostLimits;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.RouteSettings;
import org.sluice.slowpath.settings.TcpSettings;
import org.sluice.slowpath.settings.Timeout;

/** The top level of sluice.yaml, and those of its parts that are short. */
final class ConfigReader {
    private static final int DEFAULT_CAPACITY = 1_000_000;
    private static final int MAX_PUNTS = 10_000_000;
    private static final int MAX_CAPACITY = 33_000_000;
    private static final int MAX_WORKERS = 64;
    /** What a flow's record can say about when it was last seen. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(100);
    private static final String EXAMPLE_STATE = "/var/lib/sluice";
    private static final String DEFAULT_LISTEN = "127.0.0.1:9464";
    private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error");

    private ConfigReader() {}

    static Config read(Node root) {
        Map<String, Node> keys = root.map("interfaces", "routes", "nat", "policy", "helpers", "flows", "workers",
                "state",
                "management", "log");
        List<InterfaceSettings> interfaces = List.of();
        if (keys.containsKey("interfaces")) {
            interfaces = InterfaceReader.read(keys.get("interfaces"));
        } else if (root.isMap()) {
            root.error("\"interfaces:\" is missing; name at least one interface with its device and addresses");
        }
        List<RouteSettings> routes = keys.containsKey("routes")
                ? RouteReader.read(keys.get("routes"), interfaces)
                : List.of();
        List<NatSettings> nat = keys.containsKey("nat") ? new NatReader(interfaces).read(keys.get("nat")) : List.of();
        PolicySettings policy = keys.containsKey("policy")
                ? new PolicyReader(interfaces).read(keys.get("policy"))
                : new PolicySettings(Action.DROP, List.of());
        List<HelperSettings> helpers = keys.containsKey("helpers")
                ? HelperReader.read(keys.get("helpers"))
                : List.<HelperSettings>of();
        int capacity = DEFAULT_CAPACITY;
        HostLimits host = HostLimits.NONE;
        TcpSettings tcp = TcpSettings.byDefault(capacity);
        Map<Timeout, Duration> timeouts = new EnumMap<>(Timeout.class);
        if (keys.containsKey("flows")) {
            Map<String, Node> flows = keys.get("flows").map("capacity", "timeouts", "tcp_loose", "half_open",
                    "per_host", "ports_per_host", "punts_per_host", "exhausted");
            if (flows.containsKey("capacity")) {
                capacity = Values.count(flows.get("capacity"), 1_000, MAX_CAPACITY);
            }
            if (flows.containsKey("timeouts")) {
                timeouts(flows.get("timeouts"), timeouts);
            }
            tcp = tcp(flows, capacity);
            host = host(flows, capacity);
        }
        HelperReader.warnOfMissingFtp(keys, nat, policy, helpers);
        int workers = keys.containsKey("workers") ? Values.count(keys.get("workers"), 1, MAX_WORKERS) : 1;
        String state = keys.containsKey("state") ? state(keys.get("state")) : Config.NO_STATE;
        GatewaySettings gateway = new GatewaySettings(interfaces, routes, nat, policy, helpers, capacity, timeouts,
                tcp, host);
        return new Config(gateway, management(keys.get("management")), workers, state, log(keys.get("log")));
    }

    private static HostLimits host(Map<String, Node> keys, int capacity) {
        HostLimits none = HostLimits.NONE;
        return new HostLimits(
                keys.containsKey("per_host") ? Values.count(keys.get("per_host"), 1, capacity) : none.flows(),
                keys.containsKey("ports_per_host")
                        ? Values.count(keys.get("ports_per_host"), 1, MAX_CAPACITY)
                        : none.ports(),
                keys.containsKey("punts_per_host")
                        ? Values.count(keys.get("punts_per_host"), 1, MAX_PUNTS)
                        : none.punts(),
                keys.containsKey("exhausted")
                        ? Values.constant(keys.get("exhausted"), HostLimits.Answer.class)
                        : none.answer());
    }

    private static TcpSettings tcp(Map<String, Node> keys, int capacity) {
        TcpSettings byDefault = TcpSettings.byDefault(capacity);
        return new TcpSettings(keys.containsKey("tcp_loose") && Values.isTrue(keys.get("tcp_loose")),
                keys.containsKey("half_open")
                        ? Values.count(keys.get("half_open"), 1, capacity)
                        : byDefault.halfOpen());
    }

    private static void timeouts(Node node, Map<Timeout, Duration> timeouts) {
        String[] names = Stream.of(Timeout.values()).map(t -> t.name().toLowerCase(Locale.ROOT)).toArray(String[]::new);
        node.map(names).forEach((name, value) -> {
            Duration duration = Values.duration(value);
            if (duration != null && duration.compareTo(LONGEST_TIMEOUT) > 0) {
                value.warn("\"" + value.text() + "\" is taken for " + LONGEST_TIMEOUT.toDays()
                        + "d, the longest timeout there is");
                duration = LONGEST_TIMEOUT;
            }
            if (duration != null) {
                timeouts.put(Timeout.valueOf(name.toUpperCase(Locale.ROOT)), duration);
            }
        });
    }

    private static String state(Node node) {
        String text = node.text();
        if (!text.startsWith("/") && !text.equals(Config.NO_STATE)) {
            node.error("\"" + text + "\" is not a folder with its whole path; write for example " + EXAMPLE_STATE
                    + ", or none");
        }
        return text;
    }

    private static Config.Management management(Node node) {
        Map<String, Node> keys = node == null ? Map.of() : node.map("listen", "token", "tls");
        String listen = keys.containsKey("listen") ? keys.get("listen").text() : DEFAULT_LISTEN;
        String token = keys.containsKey("token") ? keys.get("token").text() : "";
        Config.Tls tls = keys.containsKey("tls") ? tls(keys.get("tls")) : null;
        int colon = listen.lastIndexOf(':');
        String host = colon < 0 ? "" : listen.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]") && host.contains(":")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            // where such an address ends and its port begins can't be told
            host = "";
        }
        try {
            int port = colon < 0 ? -1 : Integer.parseInt(listen.substring(colon + 1));
            InetAddress address = Values.literal(host);
            if (port >= 0 && port <= 0xFFFF) {
                if (!address.isLoopbackAddress() && token.isEmpty()) {
                    keys.get("listen").error("on an address that others can reach a token is needed: add \"token:\"");
                }
                return new Config.Management(host, port, token, tls);
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        keys.get("listen")
                .error("\"" + listen + "\" is not an address with a port; write for example " + DEFAULT_LISTEN);
        return new Config.Management("127.0.0.1", 0, token, tls);
    }

    private static Config.Tls tls(Node node) {
        Map<String, Node> keys = node.map("certificate", "key");
        return new Config.Tls(pem(node, keys, "certificate"), pem(node, keys, "key"));
    }

    private static String pem(Node node, Map<String, Node> keys, String name) {
        String example = "/etc/sluice/" + name + ".pem";
        if (!keys.containsKey(name)) {
            node.error("\"" + name + ":\" is missing; name a file in PEM, such as " + example);
            return "";
        }
        String path = keys.get(name).text();
        if (!path.startsWith("/")) {
            keys.get(name).error("\"" + path + "\" is not a file with its whole path; write for example " + example);
        }
        return path;
    }

    private static Config.Log log(Node node) {
        Map<String, Node> keys = node == null ? Map.of() : node.map("level", "format");
        String level = keys.containsKey("level") ? keys.get("level").text() : "info";
        String format = keys.containsKey("format") ? keys.get("format").text() : "text";
        if (!LEVELS.contains(level)) {
            keys.get("level").error("\"" + level + "\" is not a level; known are " + String.join(", ", LEVELS));
        }
        if (!format.equals("text") && !format.equals("json")) {
            keys.get("format").error("\"" + format + "\" is not a format; write text or json");
        }
        return new Config.Log(LEVELS.contains(level) ? level : "info", format.equals("json"));
    }
}
