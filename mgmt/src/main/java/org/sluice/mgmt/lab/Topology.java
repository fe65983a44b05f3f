package org.sluice.mgmt.lab;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client's network, a server's network, and a place for a gateway between them:
 *
 * <pre>
 *   client 10.77.0.2/24 ── eth0 ~~ inside device │ gateway │ outside device ~~ eth0 ── server 198.51.100.2/24
 * </pre>
 *
 * The gateway's ends of the two veth pairs stay in this process's own namespace, without an address and without any name that
 * two labs could share. Offloads stay as the kernel sets them.
 *
 * @param client host inside
 * @param server host outside
 * @param inside name of the gateway's device towards the client
 * @param outside name of the gateway's device towards the server
 */
public record Topology(Namespace client, Namespace server, String inside, String outside) {
    /** The gateway's address inside. */
    public static final String INSIDE_ADDRESS = "10.77.0.1";
    /** The client. */
    public static final String CLIENT_ADDRESS = "10.77.0.2";
    /** The gateway's address outside, which all clients are translated to. */
    public static final String OUTSIDE_ADDRESS = "198.51.100.1";
    /** The server. */
    public static final String SERVER_ADDRESS = "198.51.100.2";
    /** Length of both networks' prefixes. */
    public static final int PREFIX_LENGTH = 24;
    /** The same for IPv6, which the hosts speak after {@link #enableIpv6}. */
    public static final String INSIDE_ADDRESS6 = "fd77::1";
    public static final String CLIENT_ADDRESS6 = "fd77::2";
    public static final String OUTSIDE_ADDRESS6 = "2001:db8:77::1";
    public static final String SERVER_ADDRESS6 = "2001:db8:77::2";
    public static final int PREFIX6_LENGTH = 64;
    /** The hosts' name for their only device. */
    public static final String DEVICE = "eth0";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Makes the networks; the log undoes them. */
    public static Topology make(UndoLog undo) {
        String suffix = Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX) + "x"
                + Integer.toString(NUMBER.incrementAndGet(), Character.MAX_RADIX);
        Namespace client = host("sluice-client-" + suffix, undo);
        Namespace server = host("sluice-server-" + suffix, undo);
        Topology topology = new Topology(client, server, "sli" + suffix, "slo" + suffix);
        connect(topology.inside, client, CLIENT_ADDRESS, INSIDE_ADDRESS, undo);
        connect(topology.outside, server, SERVER_ADDRESS, OUTSIDE_ADDRESS, undo);
        return topology;
    }

    private static Namespace host(String name, UndoLog undo) {
        Namespace namespace = Namespace.make(name, undo);
        // until it is asked for: router solicitations and multicast reports would only blur the counters
        namespace.attempt(5, "sh", "-c",
                "for f in all default; do echo 1 >/proc/sys/net/ipv6/conf/$f/disable_ipv6; done");
        return namespace;
    }

    /** Gives both hosts their IPv6 addresses and routes. */
    public void enableIpv6() {
        enableIpv6(client, CLIENT_ADDRESS6, INSIDE_ADDRESS6);
        enableIpv6(server, SERVER_ADDRESS6, OUTSIDE_ADDRESS6);
    }

    private static void enableIpv6(Namespace host, String address, String gateway) {
        host.run("sh", "-c", "for f in all default lo " + DEVICE
                + "; do echo 0 >/proc/sys/net/ipv6/conf/$f/disable_ipv6; done");
        // nobody else can have the address, so it is good at once
        host.run("ip", "address", "add", address + "/" + PREFIX6_LENGTH, "dev", DEVICE, "nodad");
        host.run("ip", "route", "add", "default", "via", gateway);
    }

    private static void connect(String device, Namespace host, String address, String gateway, UndoLog undo) {
        undo.link(device);
        Shell.run("ip", "link", "add", device, "type", "veth", "peer", "name", DEVICE, "netns", host.name());
        // no link-local address either: the kernel is to say nothing on a device that the gateway owns
        Shell.run("ip", "link", "set", device, "addrgenmode", "none");
        Shell.run("ip", "link", "set", device, "up");
        host.run("ip", "address", "add", address + "/" + PREFIX_LENGTH, "dev", DEVICE);
        host.run("ip", "link", "set", DEVICE, "up");
        host.run("ip", "route", "add", "default", "via", gateway);
    }
}
