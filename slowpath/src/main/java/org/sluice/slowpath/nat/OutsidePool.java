package org.sluice.slowpath.nat;

import org.agrona.collections.Long2ObjectHashMap;
import org.sluice.fastpath.wire.Ipv4;

/** The ports of one outside address and protocol, and who has them. Conductor. */
final class OutsidePool {
    private final int address;
    private final int protocol;
    private final PortPool ports;
    private boolean overflowed;
    private final Long2ObjectHashMap<Mapping> byInside = new Long2ObjectHashMap<>();

    OutsidePool(int address, int protocol) {
        this.address = address;
        this.protocol = protocol;
        ports = switch (protocol) {
            case Ipv4.PROTOCOL_ICMP -> new PortPool(0, false);
            // call IDs of PPTP; 0 means none to some
            case Ipv4.PROTOCOL_GRE -> new PortPool(1, false);
            default -> new PortPool(1, true);
        };
    }

    int address() {
        return address;
    }

    int protocol() {
        return protocol;
    }

    PortPool ports() {
        return ports;
    }

    /** @return whether an endpoint ever found no free port here, and so may have a mapping elsewhere. */
    boolean hasOverflowed() {
        return overflowed;
    }

    void overflow() {
        overflowed = true;
    }

    Mapping find(int insideAddress, int insidePort) {
        return byInside.get(key(insideAddress, insidePort));
    }

    void add(Mapping mapping) {
        byInside.put(key(mapping.insideAddress(), mapping.insidePort()), mapping);
    }

    void remove(Mapping mapping) {
        byInside.remove(key(mapping.insideAddress(), mapping.insidePort()));
        ports.release(mapping.outsidePort());
    }

    private static long key(int address, int port) {
        return (long) address << 32 | port;
    }
}
