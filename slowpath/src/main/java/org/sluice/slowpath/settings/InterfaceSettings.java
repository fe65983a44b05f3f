package org.sluice.slowpath.settings;

import java.util.List;

/**
 * One of the gateway's interfaces.
 *
 * @param name in the configuration
 * @param device the Linux interface
 * @param driver how frames are taken from it
 * @param addresses the gateway's own, each with the prefix of its link
 * @param zone it belongs to, for policy
 * @param mtu in bytes; 0 for the device's
 * @param sourceValidation where packets' sources have to be
 * @param refusesBogons whether sources that nobody has on the Internet are refused
 */
public record InterfaceSettings(String name, String device, Driver driver, List<IpPrefix> addresses, String zone,
        int mtu, SourceValidation sourceValidation, boolean refusesBogons) {

    /** Sources have to be where the routes lead to them. */
    public InterfaceSettings(String name, String device, Driver driver, List<IpPrefix> addresses, String zone,
            int mtu) {
        this(name, device, driver, addresses, zone, mtu, SourceValidation.STRICT, false);
    }

    /** Whether a new flow's source is looked up in the routes (RFC 3704): it must lead back the same way, or anywhere. */
    public enum SourceValidation {
        STRICT, LOOSE
    }

    /** How frames are taken from a device. */
    public enum Driver {
        AF_PACKET, AF_XDP, TAP, PCAP
    }
}
