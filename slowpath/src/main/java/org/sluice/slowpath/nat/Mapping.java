package org.sluice.slowpath.nat;

/**
 * An inside address and port, and the outside address and port it is known by: the same toward every destination
 * (endpoint-independent mapping, RFC 4787 REQ-1, RFC 5382 REQ-1). Lives as long as flows or expectations use it.
 */
public final class Mapping {
    private final int id;
    private final OutsidePool pool;
    private final int insideAddress;
    private final int insidePort;
    private final int outsidePort;
    private int users;

    Mapping(int id, OutsidePool pool, int insideAddress, int insidePort, int outsidePort) {
        this.id = id;
        this.pool = pool;
        this.insideAddress = insideAddress;
        this.insidePort = insidePort;
        this.outsidePort = outsidePort;
    }

    /** @return number that a flow record holds; never 0. */
    public int id() {
        return id;
    }

    OutsidePool pool() {
        return pool;
    }

    public int insideAddress() {
        return insideAddress;
    }

    public int insidePort() {
        return insidePort;
    }

    public int outsideAddress() {
        return pool.address();
    }

    public int outsidePort() {
        return outsidePort;
    }

    void use() {
        users++;
    }

    boolean unuse() {
        return --users == 0;
    }
}
