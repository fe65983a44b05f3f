package org.sluice.slowpath.nat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The ports (or ICMP identifiers, or call IDs) of one outside address and protocol: a bit for each. Taking any free one looks at words of 64,
 * so it is bounded by about a thousand steps even when one is left. Conductor.
 */
public final class PortPool {
    private static final int PORTS = 1 << 16;
    /** Ports below this stay among themselves (RFC 4787 REQ-3a). */
    private static final int PRIVILEGED_END = 1024;

    private final long[] words = new long[PORTS / Long.SIZE];
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

    /** @return false when it is in use. */
    public boolean take(int port) {
        long bit = 1L << (port & 63);
        if ((words[port >>> 6] & bit) != 0) {
            return false;
        }
        words[port >>> 6] |= bit;
        used.setRelease(used.getPlain() + 1);
        return true;
    }

    /**
     * Takes the wanted port if it is free, else any free one of its class, chosen at random (RFC 6056).
     *
     * @return the port, or -1 when all of the class are in use
     */
    public int takeLike(int wanted, RandomGenerator random) {
        if (wanted >= first && take(wanted)) {
            return wanted;
        }
        boolean privileged = hasClasses && wanted < PRIVILEGED_END;
        return takeWithin(hasClasses && !privileged ? PRIVILEGED_END : first, privileged ? PRIVILEGED_END : PORTS,
                random);
    }

    private int takeWithin(int from, int end, RandomGenerator random) {
        int start = random.nextInt(from, end);
        int port = nextFree(start, end);
        if (port < 0) {
            port = nextFree(from, start);
        }
        if (port >= 0) {
            take(port);
        }
        return port;
    }

    /**
     * Takes an even port and the odd one behind it, from 1024 on: the wanted two if they are free, else any.
     *
     * @param wanted even
     * @return the even one, or -1 when no two neighbours are free
     */
    int takePairLike(int wanted, RandomGenerator random) {
        int port = wanted >= PRIVILEGED_END && isPairFree(wanted) ? wanted : anyFreePair(random);
        if (port >= 0) {
            take(port);
            take(port + 1);
        }
        return port;
    }

    private boolean isPairFree(int even) {
        return (words[even >>> 6] >>> (even & 63) & 3) == 0;
    }

    private int anyFreePair(RandomGenerator random) {
        int start = random.nextInt(PRIVILEGED_END / 2, PORTS / 2) * 2;
        for (int i = 0; i < PORTS - PRIVILEGED_END; i += 2) {
            int port = start + i < PORTS ? start + i : start + i - PORTS + PRIVILEGED_END;
            if (isPairFree(port)) {
                return port;
            }
        }
        return -1;
    }

    private int nextFree(int from, int end) {
        int port = from;
        while (port < end) {
            long freeBits = ~words[port >>> 6] & -1L << (port & 63);
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
