package org.sluice.slowpath.settings;

import java.net.InetAddress;
import org.sluice.slowpath.settings.PolicySettings.PortRange;

/** One rule of address translation. Rules are tried in the order of the configuration; the first that matches decides. */
public sealed interface NatSettings {

    /**
     * How a rule of source translation maps and filters, RFC 4787 sections 4 and 5; the same for TCP (RFC 5382).
     *
     * @param mapping whether an inside endpoint is known by one outside port or by one for each destination
     * @param filtering who may send to that port
     * @param ports outside ports that may be used; null for any, of the class of the inside port (below 1024, or from there on)
     */
    record Behaviour(Mapping mapping, Filtering filtering, PortRange ports) {
        /** What holds unless a rule says otherwise. */
        public static final Behaviour USUAL = new Behaviour(Mapping.ENDPOINT_INDEPENDENT,
                Filtering.ADDRESS_AND_PORT_DEPENDENT, null);
    }

    /** Which outside port an inside endpoint is known by. */
    enum Mapping {
        /** The same toward every destination. */
        ENDPOINT_INDEPENDENT,
        /** Another toward every destination, the inside port itself where it is free. */
        ADDRESS_AND_PORT_DEPENDENT
    }

    /** Who may send to an outside port that an inside endpoint is known by. */
    enum Filtering {
        /** Anybody. */
        ENDPOINT_INDEPENDENT,
        /** Every endpoint of a host that the inside endpoint has sent to. */
        ADDRESS_DEPENDENT,
        /** Only endpoints that the inside endpoint has sent to. */
        ADDRESS_AND_PORT_DEPENDENT
    }

    /**
     * No translation of sources, whatever later rules say.
     *
     * @param out interface
     * @param from sources it applies to; null for any
     * @param to destinations it applies to; null for any
     */
    record None(String out, IpPrefix from, IpPrefix to) implements NatSettings {}

    /**
     * Source translation to the address of the interface the packet leaves by.
     *
     * @param out interface
     * @param behaviour of the ports
     */
    record Masquerade(String out, Behaviour behaviour) implements NatSettings {

        /** With the usual behaviour. */
        public Masquerade(String out) {
            this(out, Behaviour.USUAL);
        }
    }

    /**
     * Source translation to a range of addresses.
     *
     * @param out interface
     * @param from sources it applies to
     * @param first of the range
     * @param last of the range, inclusive
     * @param behaviour of the ports
     */
    record Snat(String out, IpPrefix from, InetAddress first, InetAddress last,
            Behaviour behaviour) implements NatSettings {

        /** With the usual behaviour. */
        public Snat(String out, IpPrefix from, InetAddress first, InetAddress last) {
            this(out, from, first, last, Behaviour.USUAL);
        }
    }

    /**
     * Port forward.
     *
     * @param in interface whose addresses are forwarded
     * @param asked the one address that is forwarded, answered for on the interface's link; null for the interface's own
     * @param protocol IP protocol number: 6 or 17
     * @param firstPort of the forwarded range
     * @param lastPort of the forwarded range, inclusive
     * @param to host inside
     * @param toPort that {@code firstPort} becomes
     */
    record Dnat(String in, InetAddress asked, int protocol, int firstPort, int lastPort, InetAddress to,
            int toPort) implements NatSettings {

        /** Of the interface's own addresses. */
        public Dnat(String in, int protocol, int firstPort, int lastPort, InetAddress to, int toPort) {
            this(in, null, protocol, firstPort, lastPort, to, toPort);
        }
    }

    /**
     * Leads what enters by an interface to one host, whichever destination it asks for (a transparent proxy).
     *
     * @param in interface it enters by
     * @param protocol IP protocol number: 6 or 17
     * @param firstPort of the range it asks for
     * @param lastPort of that range, inclusive
     * @param to host it gets instead
     * @param toPort that {@code firstPort} becomes
     */
    record Redirect(String in, int protocol, int firstPort, int lastPort, InetAddress to,
            int toPort) implements NatSettings {}

    /**
     * One-to-one translation of a whole prefix.
     *
     * @param out interface
     * @param from inside prefix
     * @param to outside prefix of the same length
     */
    record Netmap(String out, IpPrefix from, IpPrefix to) implements NatSettings {}

    /**
     * One-to-one translation of an IPv6 prefix, RFC 6296.
     *
     * @param out interface
     * @param from inside prefix, of up to 64 bits
     * @param to outside prefix of the same length, routed to the gateway
     */
    record Nptv6(String out, IpPrefix from, IpPrefix to) implements NatSettings {}
}
