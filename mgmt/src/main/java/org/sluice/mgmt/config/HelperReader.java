package org.sluice.mgmt.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.sluice.helpers.spi.Helper;
import org.sluice.slowpath.settings.HelperSettings;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.PolicySettings;

/** {@code helpers:} */
final class HelperReader {
    private static final int FTP = 21;

    private HelperReader() {}

    static List<HelperSettings> read(Node node) {
        List<String> known = ServiceLoader.load(Helper.class).stream().map(h -> h.get().spec().name()).sorted()
                .toList();
        List<HelperSettings> helpers = new ArrayList<>();
        for (Node element : node.list()) {
            HelperSettings helper = element.isScalar()
                    ? new HelperSettings(element.text(), null, List.of(), Map.of())
                    : detailed(element);
            if (helper == null) {
                continue;
            }
            if (helper.jar() == null && !known.contains(helper.name())) {
                element.error("there is no helper \"" + helper.name() + "\"; known are " + String.join(", ", known));
            } else if (helpers.stream().anyMatch(h -> h.name().equals(helper.name()))) {
                element.error(
                        "the helper \"" + helper.name() + "\" stands here twice; name all its ports in one place");
            } else {
                helpers.add(helper);
            }
        }
        return helpers;
    }

    private static HelperSettings detailed(Node element) {
        Map<String, Node> keys = element.map("name", "jar", "ports", "options");
        if (!keys.containsKey("name")) {
            element.error("\"name:\" is missing; write for example {name: irc, ports: [6667]}");
            return null;
        }
        List<Integer> ports = new ArrayList<>();
        if (keys.containsKey("ports")) {
            keys.get("ports").list().forEach(p -> ports.add(Values.port(p)));
        }
        Map<String, String> options = new LinkedHashMap<>();
        if (keys.containsKey("options")) {
            keys.get("options").entries().forEach((key, value) -> options.put(key, value.text()));
        }
        String jar = keys.containsKey("jar") ? keys.get("jar").text() : null;
        return new HelperSettings(keys.get("name").text(), jar, ports, options);
    }

    /** FTP's control connection alone is of no use; people forget that the data connections need the helper. */
    static void warnOfMissingFtp(Map<String, Node> keys, List<NatSettings> nat, PolicySettings policy,
            List<HelperSettings> helpers) {
        if (helpers.stream().anyMatch(h -> h.name().equals("ftp"))) {
            return;
        }
        boolean forwarded = nat.stream().anyMatch(r -> r instanceof NatSettings.Dnat d && d.toPort() == FTP);
        boolean allowed = policy.rules().stream()
                .anyMatch(r -> r.match().ports().stream()
                        .anyMatch(p -> p.first() <= FTP && FTP <= p.last() && p.last() - p.first() < 100));
        if (forwarded || allowed) {
            keys.get(forwarded ? "nat" : "policy")
                    .warn("port 21 is named, but the helper \"ftp\" is not active; add \"helpers: [ftp]\" or data connections fail");
        }
    }
}
