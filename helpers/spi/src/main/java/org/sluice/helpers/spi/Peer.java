package org.sluice.helpers.spi;

import java.net.InetAddress;

/** Who may make an expected connection. */
public final class Peer {
    /** Only the host at the other end of the control connection; for protocols between two hosts, such as FTP. */
    public static final Peer OTHER_SIDE = new Peer(null, "OTHER_SIDE");
    /** Any host; for protocols in which a server introduces third parties, such as IRC. */
    public static final Peer ANYONE = new Peer(null, "ANYONE");

    private final InetAddress host;
    private final String name;

    private Peer(InetAddress host, String name) {
        this.host = host;
        this.name = name;
    }

    /** Only that host; for protocols in which a server names the third party, such as SIP. */
    public static Peer host(InetAddress address) {
        return new Peer(address, address.getHostAddress());
    }

    /** @return the host that was named, or null. */
    public InetAddress host() {
        return host;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Peer p && name.equals(p.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
