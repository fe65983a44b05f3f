package org.sluice.perf.gen.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sizes of frames, one after the other and then again from the first. A size counts the Ethernet header and the frame check sequence, as
 * in RFC 2544.
 *
 * @param sequence bytes, from {@value #SMALLEST} to {@value #LARGEST}
 */
public record FrameSizes(List<Integer> sequence) {
    /** Of every Ethernet. */
    public static final int SMALLEST = 64;
    /** With the largest MTU there is. */
    public static final int LARGEST = 65_553;
    /** Bytes of a size that no device shows: the frame check sequence. */
    public static final int CHECK_SEQUENCE = 4;
    /** The simple IMIX: 7 small, 4 middle, 1 large. */
    public static final FrameSizes IMIX = parse("64*7,594*4,1518*1");

    private static final int MOST_SHARES = 1_000;

    public FrameSizes {
        sequence = List.copyOf(sequence);
        if (sequence.isEmpty() || sequence.stream().anyMatch(s -> s < SMALLEST || s > LARGEST)) {
            throw new IllegalArgumentException("sizes are from " + SMALLEST + " to " + LARGEST
                    + " bytes, frame check sequence included");
        }
    }

    /** All of one size. */
    public static FrameSizes of(int size) {
        return new FrameSizes(List.of(size));
    }

    /**
     * @param text {@code imix}, or sizes with commas between them, each of which may have a share: {@code 64*7,594*4,1518}
     * @throws IllegalArgumentException that says what is wrong
     */
    public static FrameSizes parse(String text) {
        if (text.equals("imix")) {
            return IMIX;
        }
        if (!text.matches("\\d{1,6}(\\*\\d{1,3})?(,\\d{1,6}(\\*\\d{1,3})?)*")) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is neither imix nor sizes such as 64 or 64,512,1518 or 64*7,594*4,1518*1");
        }
        String[] parts = text.split(",");
        int[] sizes = new int[parts.length];
        int[] shares = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            String[] part = parts[i].split("\\*");
            sizes[i] = Integer.parseInt(part[0]);
            shares[i] = part.length == 1 ? 1 : Integer.parseInt(part[1]);
        }
        if (Arrays.stream(shares).anyMatch(s -> s == 0) || Arrays.stream(shares).sum() > MOST_SHARES) {
            throw new IllegalArgumentException("shares are from 1, and " + MOST_SHARES + " at most in all");
        }
        return new FrameSizes(mix(sizes, shares));
    }

    /** Spreads each size evenly: whoever is furthest behind its share is next. */
    private static List<Integer> mix(int[] sizes, int[] shares) {
        int total = Arrays.stream(shares).sum();
        int[] credit = new int[sizes.length];
        List<Integer> sequence = new ArrayList<>();
        while (sequence.size() < total) {
            int most = 0;
            for (int i = 0; i < sizes.length; i++) {
                credit[i] += shares[i];
                most = credit[i] > credit[most] ? i : most;
            }
            credit[most] -= total;
            sequence.add(sizes[most]);
        }
        return sequence;
    }

    /** @return mean size in bytes. */
    public double mean() {
        return sequence.stream().mapToInt(Integer::intValue).average().orElseThrow();
    }

    public int smallest() {
        return sequence.stream().mapToInt(Integer::intValue).min().orElseThrow();
    }

    public int largest() {
        return sequence.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }
}
