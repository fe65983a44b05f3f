package org.sluice.slowpath.nat;

import org.agrona.collections.Object2IntCounterMap;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.settings.NatSettings.Filtering;

/**
 * An inside address and port, and the outside address and port it is known by: the same toward every destination
 * (endpoint-independent mapping, RFC 4787 REQ-1, RFC 5382 REQ-1) unless its rule wants otherwise. Lives as long as flows or
 * expectations use it. Conductor.
 */
public final class Mapping {
    private final int id;
    private final OutsidePool pool;
    private final IpAddress insideAddress;
    private final int insidePort;
    private final int outsidePort;
    private final Filtering filtering;
    private final boolean isShared;
    /** How many flows there are with each outside host; kept only where it matters. */
    private final Object2IntCounterMap<IpAddress> hosts;
    private int users;

    Mapping(int id, OutsidePool pool, IpAddress insideAddress, int insidePort, int outsidePort, Filtering filtering,
            boolean isShared) {
        this.id = id;
        this.pool = pool;
        this.insideAddress = insideAddress;
        this.insidePort = insidePort;
        this.outsidePort = outsidePort;
        this.filtering = filtering;
        this.isShared = isShared;
        hosts = filtering == Filtering.ADDRESS_DEPENDENT ? new Object2IntCounterMap<>(0) : null;
    }

    /** @return number that a flow record holds; never 0. */
    public int id() {
        return id;
    }

    OutsidePool pool() {
        return pool;
    }

    public IpAddress insideAddress() {
        return insideAddress;
    }

    public int insidePort() {
        return insidePort;
    }

    public IpAddress outsideAddress() {
        return pool.address();
    }

    public int outsidePort() {
        return outsidePort;
    }

    public int protocol() {
        return pool.protocol();
    }

    public Filtering filtering() {
        return filtering;
    }

    /** @return whether it serves its inside endpoint toward every destination. */
    public boolean isShared() {
        return isShared;
    }

    boolean isUsed() {
        return users > 0;
    }

    /** @return whether an outside host may send to it from any port (RFC 4787 section 5). */
    public boolean isOpenTo(IpAddress host) {
        return switch (filtering) {
            case ENDPOINT_INDEPENDENT -> true;
            case ADDRESS_DEPENDENT -> hosts.containsKey(host);
            case ADDRESS_AND_PORT_DEPENDENT -> false;
        };
    }

    boolean countsHosts() {
        return hosts != null;
    }

    /**
     * A flow of the inside endpoint with an outside host begins or ends.
     *
     * @param change 1 or -1
     */
    void count(IpAddress host, int change) {
        if (hosts != null && (change > 0 || hosts.containsKey(host))) {
            hosts.addAndGet(host, change);
        }
    }

    void use() {
        users++;
    }

    boolean unuse() {
        return --users == 0;
    }
}
