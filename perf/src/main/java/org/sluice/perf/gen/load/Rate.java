package org.sluice.perf.gen.load;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much is sent a second.
 *
 * @param amount packets or bits a second, or infinity for as many as possible
 * @param isBits whether bits are counted: of whole frames with their check sequence, without what is between frames
 */
public record Rate(double amount, boolean isBits) {
    /** As fast as the device takes it. */
    public static final Rate MAX = new Rate(Double.POSITIVE_INFINITY, false);

    private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)([kmg]?)(pps|bit|bps|bit/s)?");
    private static final double KILO = 1e3;
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;

    public Rate {
        if (!(amount > 0)) {
            throw new IllegalArgumentException("a rate has to be more than nothing");
        }
    }

    /** So many packets a second. */
    public static Rate packets(double amount) {
        return new Rate(amount, false);
    }

    /**
     * @param text such as {@code 1000}, {@code 250k}, {@code 1.2m} (packets), {@code 100mbit}, {@code 1gbit} (bits), {@code max}
     * @throws IllegalArgumentException that says what is wrong
     */
    public static Rate parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("max")) {
            return MAX;
        }
        Matcher m = FORM.matcher(lower);
        if (!m.matches()) {
            throw new IllegalArgumentException("\"" + text
                    + "\" is not a rate; write packets a second (1000, 250k, 1.2m), bits a second (100mbit, 1gbit), or max");
        }
        return new Rate(Double.parseDouble(m.group(1)) * unit(m.group(2)),
                m.group(3) != null && !m.group(3).equals("pps"));
    }

    /** @return what k, m and g behind a number stand for; 1 for anything else. */
    public static double unit(String letter) {
        return switch (letter) {
            case "k" -> KILO;
            case "m" -> MEGA;
            case "g" -> GIGA;
            default -> 1;
        };
    }

    /** @return how many a second; 0 in no time. */
    public static double perSecond(long amount, long nanos) {
        return nanos == 0 ? 0 : (double) amount * TimeUnit.SECONDS.toNanos(1) / nanos;
    }

    public boolean isMax() {
        return Double.isInfinite(amount);
    }

    /** @return with frames of that mean size in bytes. */
    public double packetsPerSecond(double meanSize) {
        return isBits ? amount / (meanSize * Byte.SIZE) : amount;
    }
}
