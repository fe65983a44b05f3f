package org.sluice.slowpath.nat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The ports (or ICMP identifiers, or call IDs) of one outside address and protocol: a bit for each. Taking any free one looks at words of 64,
 * so it is bounded by some thousand steps even when one is left. A port that was given back may rest: it is then given out only when
 * no other is left. Conductor.
 */
public final class PortPool {
    private static final int PORTS = 1 << 16;
    /** Ports below this stay among themselves (RFC 4787 REQ-3a). */
    private static final int PRIVILEGED_END = 1024;

    private static final long EVEN = 0x5555_5555_5555_5555L;

    private final long[] words = new long[PORTS / Long.SIZE];
    private final long[] resting = new long[PORTS / Long.SIZE];
    private final int first;
    private final boolean hasClasses;
    /** One writer; read by management too. */
    private final AtomicInteger used = new AtomicInteger();

    /** Ports 0 to 1023 are given out only for ports of the same class. */
    public PortPool() {
        this(1, true);
    }

    /** @param first lowest number ever given out. @param hasClasses whether 0 to 1023 are a class of their own, as ports are */
    PortPool(int first, boolean hasClasses) {
        this.first = first;
        this.hasClasses = hasClasses;
    }

    /** Takes a port even if it rests. @return false when it is in use. */
    public boolean take(int port) {
        long bit = 1L << (port & 63);
        if ((words[port >>> 6] & bit) != 0) {
            return false;
        }
        words[port >>> 6] |= bit;
        resting[port >>> 6] &= ~bit;
        used.setRelease(used.getPlain() + 1);
        return true;
    }

    /** @return whether the port rests. */
    boolean isResting(int port) {
        return (resting[port >>> 6] & 1L << (port & 63)) != 0;
    }

    /** The port, which is not in use, rests from now on, or no longer. */
    void rest(int port, boolean rests) {
        long bit = 1L << (port & 63);
        resting[port >>> 6] = rests ? resting[port >>> 6] | bit : resting[port >>> 6] & ~bit;
    }

    /** Takes the wanted port or one like it; see the other method of this name. */
    public int takeLike(int wanted, RandomGenerator random) {
        return takeLike(wanted, 0, PORTS, !isResting(wanted), random);
    }

    /**
     * Takes the wanted port if it is free, else any free one of its class (RFC 4787 REQ-3a), of its parity while there is one (REQ-4), at
     * random (RFC 6056); one that rests only when nothing else is left.
     *
     * @param from lowest that may be given out
     * @param end behind the highest
     * @param keeps whether the wanted port itself may be given out
     * @return the port, or -1 when all are in use
     */
    int takeLike(int wanted, int from, int end, boolean keeps, RandomGenerator random) {
        if (keeps && wanted >= Math.max(first, from) && wanted < end && take(wanted)) {
            return wanted;
        }
        boolean isWhole = from == 0 && end == PORTS;
        boolean privileged = hasClasses && isWhole && wanted < PRIVILEGED_END;
        int low = hasClasses && isWhole && !privileged ? PRIVILEGED_END : Math.max(first, from);
        int high = privileged ? PRIVILEGED_END : end;
        long parity = !hasClasses ? -1L : wanted % 2 == 0 ? EVEN : ~EVEN;
        int port = anyFree(low, high, parity, true, random);
        port = port >= 0 ? port : anyFree(low, high, -1L, true, random);
        port = port >= 0 ? port : anyFree(low, high, parity, false, random);
        port = port >= 0 ? port : anyFree(low, high, -1L, false, random);
        if (port >= 0) {
            take(port);
        }
        return port;
    }

    private int anyFree(int from, int end, long choice, boolean sparesResting, RandomGenerator random) {
        int start = random.nextInt(from, end);
        int port = nextFree(start, end, choice, sparesResting);
        return port >= 0 ? port : nextFree(from, start, choice, sparesResting);
    }

    /**
     * Takes an even port and the odd one behind it, from 1024 on: the wanted two if they are free, else any.
     *
     * @param wanted even
     * @return the even one, or -1 when no two neighbours are free
     */
    int takePairLike(int wanted, RandomGenerator random) {
        int port = wanted >= PRIVILEGED_END && isPairFree(wanted, true) ? wanted : anyFreePair(true, random);
        port = port >= 0 ? port : anyFreePair(false, random);
        if (port >= 0) {
            take(port);
            take(port + 1);
        }
        return port;
    }

    private boolean isPairFree(int even, boolean sparesResting) {
        return (occupied(even >>> 6, sparesResting) >>> (even & 63) & 3) == 0;
    }

    private int anyFreePair(boolean sparesResting, RandomGenerator random) {
        int start = random.nextInt(PRIVILEGED_END / 2, PORTS / 2) * 2;
        for (int i = 0; i < PORTS - PRIVILEGED_END; i += 2) {
            int port = start + i < PORTS ? start + i : start + i - PORTS + PRIVILEGED_END;
            if (isPairFree(port, sparesResting)) {
                return port;
            }
        }
        return -1;
    }

    private long occupied(int word, boolean sparesResting) {
        return sparesResting ? words[word] | resting[word] : words[word];
    }

    /** @param choice bits of the ports that may be chosen, in each word */
    private int nextFree(int from, int end, long choice, boolean sparesResting) {
        int port = from;
        while (port < end) {
            long freeBits = ~occupied(port >>> 6, sparesResting) & choice & -1L << (port & 63);
            if (freeBits != 0) {
                int found = (port & ~63) + Long.numberOfTrailingZeros(freeBits);
                return found < end ? found : -1;
            }
            port = (port & ~63) + 64;
        }
        return -1;
    }

    /** Gives a port back. */
    public void release(int port) {
        long bit = 1L << (port & 63);
        if ((words[port >>> 6] & bit) != 0) {
            words[port >>> 6] &= ~bit;
            used.setRelease(used.getPlain() - 1);
        }
    }

    /** @return how many are in use. */
    public int used() {
        return used.getAcquire();
    }

    /** @return how many there are. */
    public int size() {
        return PORTS - first;
    }
}
