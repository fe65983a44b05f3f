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
 */
public record InterfaceSettings(String name, String device, Driver driver, List<IpPrefix> addresses, String zone,
        int mtu) {

    /** How frames are taken from a device. */
    public enum Driver {
        AF_PACKET, AF_XDP, TAP, PCAP
    }
}
