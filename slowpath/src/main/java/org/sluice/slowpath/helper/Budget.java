package org.sluice.slowpath.helper;

/**
 * What a helper from a jar may spend while it is being called once: steps (calls and turns of loops) and bytes. {@link Fence} puts the
 * calls of {@link #step} and its kin into the helper's code; when something is used up, each further one throws, so that a helper that
 * catches everything can't go on either. One for each thread.
 */
public final class Budget {
    /** Some milliseconds of a plain loop. */
    static final int STEPS = 2_000_000;
    /** Bytes of arrays and objects that may be made, whether they are kept or not. */
    static final long BYTES = 32L << 20;
    private static final int OBJECT = 32;
    private static final int SERVICE = 500;
    private static final ThreadLocal<Budget> CURRENT = ThreadLocal.withInitial(Budget::new);

    private int depth;
    private long steps;
    private long bytes;
    private String exhausted;

    /** Thrown into the helper. */
    static final class ExhaustedError extends Error {
        private static final long serialVersionUID = 1;

        ExhaustedError(String message) {
            super(message, null, false, false);
        }
    }

    private Budget() {}

    /** A call of the helper begins; one within another spends from the same. */
    static void begin() {
        Budget b = CURRENT.get();
        if (b.depth++ == 0) {
            b.steps = STEPS;
            b.bytes = BYTES;
            b.exhausted = null;
        }
    }

    /** @return bytes that the calls which began last have taken so far. */
    static long taken() {
        return BYTES - CURRENT.get().bytes;
    }

    /** It has ended. @return what was used up, or null; also when the helper has kept that to itself. */
    static String end() {
        Budget b = CURRENT.get();
        b.depth--;
        return b.exhausted;
    }

    /** For the helper's code: a method is entered, or a loop turns. */
    public static void step() {
        Budget b = CURRENT.get();
        if (--b.steps < 0) {
            b.exhaust("more than %,d steps".formatted(STEPS));
        }
    }

    /** For the helper's code: an object is made. */
    public static void object() {
        CURRENT.get().take(OBJECT);
    }

    /** For the helper's code: an array is made. @param size of an element in bytes. @return the count */
    public static int array(int count, int size) {
        CURRENT.get().take((long) Math.max(0, count) * size);
        return count;
    }

    /** For the gateway's own code, when a helper from a jar calls it: costs as many steps as it takes time. */
    static void service() {
        Budget b = CURRENT.get();
        if (b.depth > 0) {
            b.steps -= SERVICE;
            if (b.steps < 0) {
                b.exhaust("more than %,d steps".formatted(STEPS));
            }
        }
    }

    private void take(long wanted) {
        bytes -= wanted;
        if (bytes < 0) {
            exhaust("more than %,d bytes".formatted(BYTES));
        }
    }

    private void exhaust(String what) {
        if (exhausted == null) {
            exhausted = what;
        }
        throw new ExhaustedError(exhausted);
    }
}
