package org.sluice.slowpath.settings;

import java.net.InetAddress;

/** One rule of address translation. Rules are tried in the order of the configuration; the first that matches decides. */
public sealed interface NatSettings {

    /**
     * Source translation to the address of the interface the packet leaves by.
     *
     * @param out interface
     */
    record Masquerade(String out) implements NatSettings {}

    /**
     * Source translation to a range of addresses.
     *
     * @param out interface
     * @param from sources it applies to
     * @param first of the range
     * @param last of the range, inclusive
     */
    record Snat(String out, IpPrefix from, InetAddress first, InetAddress last) implements NatSettings {}

    /**
     * Port forward.
     *
     * @param in interface whose addresses are forwarded
     * @param protocol IP protocol number: 6 or 17
     * @param firstPort of the forwarded range
     * @param lastPort of the forwarded range, inclusive
     * @param to host inside
     * @param toPort that {@code firstPort} becomes
     */
    record Dnat(String in, int protocol, int firstPort, int lastPort, InetAddress to,
            int toPort) implements NatSettings {}

    /**
     * One-to-one translation of a whole prefix.
     *
     * @param out interface
     * @param from inside prefix
     * @param to outside prefix of the same length
     */
    record Netmap(String out, IpPrefix from, IpPrefix to) implements NatSettings {}
}
