package org.sluice.slowpath.nat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Object2IntCounterMap;
import org.agrona.concurrent.NanoClock;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.NatSettings.Behaviour;
import org.sluice.slowpath.settings.NatSettings.Filtering;
import org.sluice.slowpath.settings.PolicySettings.PortRange;

/** All mappings. Connections and expectations draw from the same pools, so that neither is ever given the other's port. Conductor. */
public final class MappingTable {
    /** By address and protocol. Management reads how full they are while the conductor adds some. */
    private final Map<IpAddress, Map<Integer, OutsidePool>> pools = new ConcurrentHashMap<>();
    private final Int2ObjectHashMap<Mapping> byId = new Int2ObjectHashMap<>();
    private final Set<OutsidePool> forwarding = new HashSet<>();
    private final RandomGenerator random;
    private final NanoClock clock;
    private final Int2ObjectHashMap<Mapping> destinations = new Int2ObjectHashMap<>();
    private Witness witness = Witness.NOBODY;
    private final Object2IntCounterMap<IpAddress> ports = new Object2IntCounterMap<>(0);
    /** Mappings to which it matters with whom their flows are. */
    private int countingHosts;
    private int portsPerHost = Integer.MAX_VALUE;
    private long restNanos;
    private int lastId;

    /** @param random picks ports that can't be had as wanted */
    public MappingTable(RandomGenerator random, NanoClock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** Is told of each mapping. */
    public interface Witness {
        /** Nobody wants to know. */
        Witness NOBODY = new Witness() {
        };

        /** There is a new one. */
        default void made(Mapping mapping) {}

        /** Its port was given back. */
        default void gone(Mapping mapping) {}
    }

    public void witness(Witness witness) {
        this.witness = witness;
    }

    /** @return the mapping of that number, or null. */
    public Mapping byId(int id) {
        return byId.get(id);
    }

    /**
     * Makes a mapping again that an earlier run had, under the number it had. Nobody uses it yet.
     *
     * @return null when the outside port is another's
     */
    public Mapping restore(int id, int protocol, IpAddress insideAddress, int insidePort, IpAddress outsideAddress,
            int outsidePort,
            Filtering filtering, boolean isShared) {
        OutsidePool pool = pool(outsideAddress, protocol);
        if (isShared && pool.find(insideAddress, insidePort) != null || byId.containsKey(id) || id <= 0
                || pool.atPort(outsidePort) != null
                || !pool.ports().take(outsidePort) && !pool.isForwarded(outsidePort)) {
            return null;
        }
        Mapping mapping = new Mapping(id, pool, insideAddress, insidePort, outsidePort, filtering, isShared);
        pool.add(mapping, isShared);
        put(mapping);
        lastId = Math.max(lastId, id);
        return mapping;
    }

    /** Gives back the ports of mappings that nobody uses: of all those restored, what used them did not come back. */
    public void dropUnused() {
        for (Mapping mapping : new ArrayList<>(byId.values())) {
            if (!mapping.isUsed()) {
                mapping.use();
                release(mapping);
            }
        }
    }

    private void put(Mapping mapping) {
        byId.put(mapping.id(), mapping);
        countingHosts += mapping.countsHosts() ? 1 : 0;
        ports.incrementAndGet(mapping.insideAddress());
    }

    /** From now on a host gets no further port when it has so many, of all protocols. */
    public void portsPerHost(int limit) {
        portsPerHost = limit;
    }

    /** @return whether an inside host has as many outside ports as it may. */
    public boolean hasAllPorts(IpAddress insideAddress) {
        return ports.get(insideAddress) >= portsPerHost;
    }

    /** From now on a port that is given back rests for so long before another endpoint gets it; 0 for not at all. */
    public void rest(long nanos) {
        restNanos = nanos;
    }

    /** Finds or makes the mapping of an inside endpoint with the usual behaviour and counts one more user of it. */
    public Mapping use(int protocol, IpAddress insideAddress, int insidePort, IpAddress outsideAddress) {
        return use(protocol, insideAddress, insidePort, outsideAddress, Behaviour.USUAL);
    }

    /**
     * Finds or makes the mapping of an inside endpoint and counts one more user of it.
     *
     * @param behaviour of a new one
     * @return null when no port is free
     */
    public Mapping use(int protocol, IpAddress insideAddress, int insidePort, IpAddress outsideAddress,
            Behaviour behaviour) {
        OutsidePool pool = pool(outsideAddress, protocol);
        boolean isShared = behaviour.mapping() == NatSettings.Mapping.ENDPOINT_INDEPENDENT;
        Mapping mapping = forwarded(pool, insideAddress, insidePort);
        if (mapping == null && isShared) {
            mapping = pool.find(insideAddress, insidePort);
        }
        if (mapping == null) {
            if (hasAllPorts(insideAddress)) {
                return null;
            }
            int port = pool.take(insideAddress, insidePort, range(protocol, behaviour), clock.nanoTime(), random);
            if (port < 0) {
                pool.overflow();
                return null;
            }
            mapping = make(pool, insideAddress, insidePort, port, behaviour.filtering(), isShared);
        }
        mapping.use();
        return mapping;
    }

    /** @return the mapping to the port of a port forward that leads to the inside endpoint; null when there is none */
    private Mapping forwarded(OutsidePool pool, IpAddress insideAddress, int insidePort) {
        int port = pool.forwardedPort(insideAddress, insidePort);
        if (port == 0) {
            return null;
        }
        Mapping there = pool.atPort(port);
        if (there == null && pool.find(insideAddress, insidePort) == null) {
            return make(pool, insideAddress, insidePort, port);
        }
        boolean isOwn = there != null && there.insideAddress().equals(insideAddress)
                && there.insidePort() == insidePort;
        return isOwn ? there : null;
    }

    /** @return whether port forwards lead from two neighbours, which nobody else has, to that inside port and the one behind it. */
    private static boolean isPairForwarded(OutsidePool pool, IpAddress insideAddress, int insidePort) {
        int even = pool.forwardedPort(insideAddress, insidePort);
        int odd = pool.forwardedPort(insideAddress, insidePort + 1);
        return even > 0 && even % 2 == 0 && odd == even + 1 && pool.atPort(even) == null && pool.atPort(odd) == null;
    }

    /** Only ports have ranges; identifiers of ICMP don't. */
    private static PortRange range(int protocol, Behaviour behaviour) {
        return protocol == Ipv4.PROTOCOL_TCP || protocol == Ipv4.PROTOCOL_UDP ? behaviour.ports() : null;
    }

    private Mapping make(OutsidePool pool, IpAddress insideAddress, int insidePort, int outsidePort,
            Filtering filtering,
            boolean isShared) {
        Mapping mapping = new Mapping(nextId(), pool, insideAddress, insidePort, outsidePort, filtering,
                isShared);
        pool.add(mapping, isShared);
        put(mapping);
        witness.made(mapping);
        return mapping;
    }

    private Mapping make(OutsidePool pool, IpAddress insideAddress, int insidePort, int outsidePort) {
        return make(pool, insideAddress, insidePort, outsidePort, Behaviour.USUAL.filtering(), true);
    }

    /** @return the mapping that has the outside endpoint, or null. */
    public Mapping find(int protocol, IpAddress outsideAddress, int outsidePort) {
        OutsidePool pool = known(outsideAddress, protocol);
        return pool == null ? null : pool.atPort(outsidePort);
    }

    /** @return whether it matters to the mapping with whom its flows are. @param id of a mapping, or 0 */
    public boolean countsHosts(int id) {
        // each flow asks when it begins and ends, and mostly there are none
        Mapping mapping = countingHosts == 0 ? null : byId.get(id);
        return mapping != null && mapping.countsHosts();
    }

    /**
     * Counts a flow with an outside host to its mapping's account, or takes it off.
     *
     * @param id of the mapping; 0 is nobody's and does nothing
     * @param source real source of the flow
     * @param destination real destination of the flow
     * @param change 1 or -1
     */
    public void count(int id, IpAddress source, IpAddress destination, int change) {
        Mapping mapping = byId.get(id);
        if (mapping != null) {
            mapping.count(source.equals(mapping.insideAddress()) ? destination : source, change);
        }
    }

    /** A flow that came in to a mapping, and may have one for its source too, uses it until it ends. */
    public void useAsDestination(int flow, Mapping mapping) {
        mapping.use();
        destinations.put(flow, mapping);
    }

    /** @return id of the mapping that the flow came in to, or 0. */
    public int destinationOf(int flow) {
        Mapping mapping = destinations.get(flow);
        return mapping == null ? 0 : mapping.id();
    }

    /** The flow has ended; see {@link #useAsDestination}. */
    public void releaseDestination(int flow) {
        Mapping mapping = destinations.remove(flow);
        if (mapping != null) {
            release(mapping);
        }
    }

    /** Mappings of two ports that are neighbours inside and outside. */
    public record Pair(Mapping even, Mapping odd) {}

    /**
     * Finds or makes the mappings of an inside port and the one behind it, to two outside ports of which the same is true, and counts
     * one more user of each.
     *
     * @param insidePort even
     * @return null when there is none: ports are used up, or one of the two has a mapping already that the other can't join
     */
    public Pair usePair(int protocol, IpAddress insideAddress, int insidePort, IpAddress outsideAddress) {
        OutsidePool pool = pool(outsideAddress, protocol);
        Mapping even = pool.find(insideAddress, insidePort);
        Mapping odd = pool.find(insideAddress, insidePort + 1);
        if (even == null && odd == null && isPairForwarded(pool, insideAddress, insidePort)) {
            even = forwarded(pool, insideAddress, insidePort);
            odd = forwarded(pool, insideAddress, insidePort + 1);
        }
        if ((even == null || odd == null) && hasAllPorts(insideAddress)) {
            return null;
        }
        if (even == null && odd == null) {
            int port = pool.takePair(insideAddress, insidePort, clock.nanoTime(), random);
            if (port < 0) {
                return null;
            }
            even = make(pool, insideAddress, insidePort, port);
            odd = make(pool, insideAddress, insidePort + 1, port + 1);
        } else if (odd == null && even.outsidePort() % 2 == 0 && pool.ports().take(even.outsidePort() + 1)) {
            odd = make(pool, insideAddress, insidePort + 1, even.outsidePort() + 1);
        } else if (even == null && odd.outsidePort() % 2 == 1 && pool.ports().take(odd.outsidePort() - 1)) {
            even = make(pool, insideAddress, insidePort, odd.outsidePort() - 1);
        }
        if (even == null || odd == null || even.outsidePort() + 1 != odd.outsidePort() || even.outsidePort() % 2 != 0) {
            return null;
        }
        even.use();
        odd.use();
        return new Pair(even, odd);
    }

    /** @return whether the inside endpoint has a mapping to that address. */
    public boolean isMapped(int protocol, IpAddress insideAddress, int insidePort, IpAddress outsideAddress) {
        return pool(outsideAddress, protocol).find(insideAddress, insidePort) != null;
    }

    /** @return whether an endpoint was ever refused at that address, and so may have a mapping to another. */
    public boolean hasOverflowed(int protocol, IpAddress outsideAddress) {
        return pool(outsideAddress, protocol).hasOverflowed();
    }

    /** One more user of a mapping that is alive. */
    public void use(Mapping mapping) {
        mapping.use();
    }

    /** One user less; the last one gives the port back. */
    public void release(Mapping mapping) {
        if (mapping.unuse()) {
            long now = clock.nanoTime();
            mapping.pool().remove(mapping, now, now + restNanos);
            byId.remove(mapping.id());
            countingHosts -= mapping.countsHosts() ? 1 : 0;
            ports.decrementAndGet(mapping.insideAddress());
            witness.gone(mapping);
        }
    }

    /** @param id as {@link Mapping#id}; 0 is nobody's and does nothing */
    public void release(int id) {
        Mapping mapping = byId.get(id);
        if (mapping != null) {
            release(mapping);
        }
    }

    /**
     * Keeps a port for a port forward: it is given to nobody but the inside endpoint that the forward leads to, which is known by it
     * when it speaks first, too. A mapping that has the port already keeps it for its time; what is new comes to the port forward all
     * the same.
     */
    public void forward(IpAddress outsideAddress, int protocol, int port, IpAddress insideAddress, int insidePort) {
        OutsidePool pool = pool(outsideAddress, protocol);
        pool.forward(port, insideAddress, insidePort);
        forwarding.add(pool);
    }

    /** Gives back all ports that were kept for port forwards. */
    public void clearForwards() {
        forwarding.forEach(OutsidePool::clearForwards);
        forwarding.clear();
    }

    /** What a pool holds, for people to see. */
    public record Usage(IpAddress address, int protocol, int used, int size) {}

    /** @return one for each address and protocol that was ever used. Any thread. */
    public List<Usage> usage() {
        List<Usage> usage = new ArrayList<>();
        for (Map<Integer, OutsidePool> ofAddress : pools.values()) {
            for (OutsidePool pool : ofAddress.values()) {
                usage.add(new Usage(pool.address(), pool.protocol(), pool.ports().used(), pool.ports().size()));
            }
        }
        return usage;
    }

    /** @return ports in use. Any thread. */
    public int used(IpAddress address, int protocol) {
        OutsidePool pool = known(address, protocol);
        return pool == null ? 0 : pool.ports().used();
    }

    private OutsidePool pool(IpAddress address, int protocol) {
        OutsidePool pool = known(address, protocol);
        if (pool == null) {
            pool = new OutsidePool(address, protocol, random);
            pools.computeIfAbsent(address, k -> new ConcurrentHashMap<>()).put(protocol, pool);
        }
        return pool;
    }

    /** @return the pool, or null when it was never used. */
    private OutsidePool known(IpAddress address, int protocol) {
        Map<Integer, OutsidePool> ofAddress = pools.get(address);
        return ofAddress == null ? null : ofAddress.get(protocol);
    }

    private int nextId() {
        do {
            lastId = lastId + 1 & Integer.MAX_VALUE;
        } while (lastId == 0 || byId.containsKey(lastId));
        return lastId;
    }
}
