package org.sluice.mgmt.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The live view as lines of text: what passes, what is dropped and why, and which flows move most. */
public final class WatchScreen {
    private static final String[] UNITS = {"", "k", "M", "G", "T"};
    private static final double THOUSAND = 1000;
    private static final int MAX_DROPS = 8;
    private static final int ENDPOINT = 28;

    private WatchScreen() {}

    /**
     * @param title what is watched
     * @param width of the screen; longer lines are cut
     * @param height of the screen; flows that do not fit are left out
     */
    public static List<String> lines(String title, Rates rates, int width, int height) {
        List<String> lines = new ArrayList<>();
        lines.add(title);
        lines.add("forwarded %s packets/s, %.0f %% of them on the fast path;  flows %d of %d, %s new/s".formatted(
                number(rates.forwarded()),
                rates.forwarded() > 0 ? Math.min(100, 100 * rates.fast() / rates.forwarded()) : 100, rates.flows(),
                rates.capacity(), number(rates.created())));
        lines.add("");
        lines.add("%-16s %-5s %12s %12s %12s %12s".formatted("INTERFACE", "STATE", "RX packet/s", "RX bit/s",
                "TX packet/s", "TX bit/s"));
        for (Rates.Link i : rates.interfaces()) {
            lines.add("%-16s %-5s %12s %12s %12s %12s".formatted(i.name(), i.up() ? "UP" : "DOWN",
                    number(i.rxPackets()), number(i.rxBits()), number(i.txPackets()), number(i.txBits())));
        }
        lines.add("");
        lines.add("%-22s %12s %12s".formatted("DROPPED BECAUSE", "packet/s", "TOTAL"));
        if (rates.drops().isEmpty()) {
            lines.add("nothing was dropped");
        }
        rates.drops().stream().limit(MAX_DROPS).forEach(
                d -> lines.add("%-22s %12s %12d".formatted(d.reason(), number(d.rate()), d.total())));
        lines.add("");
        lines.add(("%-6s %-" + ENDPOINT + "s %-" + ENDPOINT + "s %10s %10s  %s").formatted("FLOW", "FROM", "TO",
                "UP bit/s", "DOWN bit/s",
                rates.isWhole() ? "STATE" : "STATE (only a part of the table was looked at)"));
        for (Rates.Top t : rates.top()) {
            lines.add(("%-6s %-" + ENDPOINT + "s %-" + ENDPOINT + "s %10s %10s  %s").formatted(t.proto(), t.from(),
                    t.to(), number(t.sentBits()), number(t.answeredBits()), t.state()).stripTrailing());
        }
        return lines.stream().limit(height).map(l -> l.length() <= width ? l : l.substring(0, width)).toList();
    }

    /** @return three digits and a unit, such as 1.25M. */
    static String number(double value) {
        int unit = 0;
        double scaled = value;
        while (scaled >= THOUSAND && unit < UNITS.length - 1) {
            scaled /= THOUSAND;
            unit++;
        }
        int digits = unit == 0 || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f%s", scaled, UNITS[unit]);
    }
}
