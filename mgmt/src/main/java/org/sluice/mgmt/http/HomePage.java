package org.sluice.mgmt.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sluice.mgmt.config.Config;
import org.sluice.mgmt.metrics.CounterSummary;
import org.sluice.slowpath.view.GatewayView;
import org.sluice.slowpath.view.Meter;

/** A plain page with the numbers of now and links to everything else. It loads nothing and runs no script. */
final class HomePage {
    private static final List<String> LINKS = List.of("/metrics", "/readyz", "/api/v1/flows", "/api/v1/expectations",
            "/api/v1/helpers", "/api/v1/interfaces", "/api/v1/neighbors", "/api/v1/routes", "/api/v1/nat",
            "/api/v1/counters", "/api/v1/config", "/api/v1/openapi.json");

    private HomePage() {}

    static Answer render(GatewayView view, Config config) {
        List<Meter> meters = view.meters();
        Map<String, Number> counters = CounterSummary.of(meters);
        StringBuilder page = new StringBuilder(4096).append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">")
                .append("<meta http-equiv=\"refresh\" content=\"5\"><title>Sluice</title><style>")
                .append("body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:44rem;padding:0 1rem}")
                .append("td{padding:0 2rem 0 0}td+td{text-align:right;font-variant-numeric:tabular-nums}</style>")
                .append("<h1>Sluice</h1><p>")
                .append(view.isReady() ? "Forwarding packets between " : "Not ready yet: ");
        config.gateway().interfaces()
                .forEach(i -> page.append(escape(i.name())).append(" (").append(escape(i.device())).append(") "));
        page.append("</p><table>");
        row(page, "Flows", CounterSummary.sum(meters, "sluice_flows"));
        row(page, "Room for flows", CounterSummary.sum(meters, "sluice_flows_capacity"));
        row(page, "Expectations", meters.stream()
                .filter(m -> m.name().equals("sluice_expectations") && m.kind() == Meter.Kind.GAUGE)
                .mapToDouble(m -> m.value().getAsDouble()).sum());
        CounterSummary.TOTALS.forEach((name, meter) -> row(page, "Packets " + name.replace("_packets", "")
                .replace("_total", ""), counters.get(name).doubleValue()));
        page.append(
                "</table><p>The numbers are those of the moment this page was made; it comes anew every five seconds.")
                .append("</p><ul>");
        LINKS.forEach(l -> page.append("<li><a href=\"").append(l).append("\">").append(l).append("</a>"));
        page.append("</ul></html>\n");
        return Answer.of(200, "text/html; charset=utf-8", page.toString()).with("Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    }

    private static void row(StringBuilder page, String name, double value) {
        page.append("<tr><td>").append(name).append("<td>").append(String.format(Locale.ROOT, "%,.0f", value));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
