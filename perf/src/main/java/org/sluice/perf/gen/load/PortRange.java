package org.sluice.perf.gen.load;

/**
 * Ports that follow each other.
 *
 * @param first from 0
 * @param last to 65535
 */
public record PortRange(int first, int last) {
    private static final int HIGHEST = 0xFFFF;

    /**
     * @param text a port, or {@code FIRST-LAST}
     * @throws IllegalArgumentException that says what is wrong
     */
    public static PortRange parse(String text) {
        if (text.matches("\\d{1,5}(-\\d{1,5})?")) {
            String[] ends = text.split("-");
            int first = Integer.parseInt(ends[0]);
            int last = Integer.parseInt(ends[ends.length - 1]);
            if (first <= last && last <= HIGHEST) {
                return new PortRange(first, last);
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is neither a port nor a range of ports");
    }

    /** @return how many. */
    public int count() {
        return last - first + 1;
    }
}
