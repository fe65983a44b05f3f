package org.sluice.perf.gen.frame;

import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.Protocol;

/**
 * All combinations of a load's addresses and ports, numbered: source ports change first, then source addresses, destination ports,
 * destination addresses; or all that in pseudorandom order. One thread.
 */
public final class TupleSpace {
    private final long size;
    private final Permutation order;
    private final int sourcePorts;
    private final long sources;
    private final int destinationPorts;
    private final long destinations;
    private final int firstSourcePort;
    private final long firstSource;
    private final int firstDestinationPort;
    private final long firstDestination;

    private int sourcePort;
    private long source;
    private int destinationPort;
    private long destination;

    public TupleSpace(Load load) {
        size = load.tuples();
        order = load.isShuffled() ? new Permutation(size) : null;
        sourcePorts = load.from().ports().count();
        firstSourcePort = load.from().ports().first();
        sources = load.from().addresses().count();
        firstSource = load.from().addresses().low();
        destinationPorts = load.protocol() == Protocol.ICMP ? 1 : load.to().ports().count();
        firstDestinationPort = load.to().ports().first();
        destinations = load.to().addresses().count();
        firstDestination = load.to().addresses().low();
    }

    /** Makes the accessors tell one combination. @param number from 0; after the last comes the first again */
    public void select(long number) {
        long rest = number < size ? number : number % size;
        if (order != null) {
            rest = order.at(rest);
        }
        if (rest < sourcePorts) {
            // as nearly always, and without a division
            sourcePort = firstSourcePort + (int) rest;
            source = firstSource;
            destinationPort = firstDestinationPort;
            destination = firstDestination;
            return;
        }
        sourcePort = firstSourcePort + (int) (rest % sourcePorts);
        rest /= sourcePorts;
        source = firstSource + rest % sources;
        rest /= sources;
        destinationPort = firstDestinationPort + (int) (rest % destinationPorts);
        rest /= destinationPorts;
        destination = firstDestination + rest % destinations;
    }

    public int sourcePort() {
        return sourcePort;
    }

    /** @return the address's lower half, see {@link org.sluice.perf.gen.load.AddressRange#low}. */
    public long source() {
        return source;
    }

    public int destinationPort() {
        return destinationPort;
    }

    /** @return as {@link #source}. */
    public long destination() {
        return destination;
    }
}
