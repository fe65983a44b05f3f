package org.sluice.perf.suite.report;

import java.util.Locale;

/** How numbers are written for people: three digits that say something, thousands apart. */
final class Numbers {
    private static final int WHOLE = 100;

    private Numbers() {}

    /** @return a cell as text; "–" for null. */
    static String text(Object cell) {
        return switch (cell) {
            case null -> "–";
            case Double d -> decimal(d);
            case Number n -> String.format(Locale.ROOT, "%,d", n.longValue());
            default -> cell.toString();
        };
    }

    private static String decimal(double d) {
        double size = Math.abs(d);
        if (size >= WHOLE) {
            return String.format(Locale.ROOT, "%,.0f", d);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", d);
    }
}
