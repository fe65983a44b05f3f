package org.sluice.perf.gen.frame;

/**
 * The numbers below a size in pseudorandom order, each once, without a list of them: a Feistel network of four rounds, repeated as long as its
 * result is not below the size. The same for each size.
 */
final class Permutation {
    private static final long[] KEYS = {0x9E3779B97F4A7C15L, 0xBF58476D1CE4E5B9L, 0x94D049BB133111EBL,
            0xD6E8FEB86659FD93L};
    private static final int FEWEST_BITS = 1;

    private final long size;
    private final int half;
    private final long mask;

    /** @param size from 1 */
    Permutation(long size) {
        this.size = size;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
        half = Math.max(FEWEST_BITS, (bits + 1) / 2);
        mask = (1L << half) - 1;
    }

    /** @return the number in a place. @param place from 0, below the size */
    long at(long place) {
        long value = place;
        do {
            value = network(value);
        } while (value >= size);
        return value;
    }

    private long network(long value) {
        long left = value >>> half;
        long right = value & mask;
        for (long key : KEYS) {
            long mixed = (right + key) * key;
            long next = left ^ (mixed ^ mixed >>> Integer.SIZE) & mask;
            left = right;
            right = next;
        }
        return left << half | right;
    }
}
