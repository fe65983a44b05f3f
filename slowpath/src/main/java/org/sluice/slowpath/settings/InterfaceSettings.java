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
 * @param clampsMss whether TCP connections over it are kept to segments that its MTU takes
 * @param advertisement what the hosts of its link are told, or null
 * @param vlan of the device that is meant (802.1Q), 1 to 4094; 0 for frames without a tag
 */
public record InterfaceSettings(String name, String device, Driver driver, List<IpPrefix> addresses, String zone,
        int mtu, SourceValidation sourceValidation, boolean refusesBogons,
        boolean clampsMss, RouterAdvertisement advertisement, int vlan) {

    /** Sources have to be where the routes lead to them. */
    public InterfaceSettings(String name, String device, Driver driver, List<IpPrefix> addresses, String zone,
            int mtu) {
        this(name, device, driver, addresses, zone, mtu, SourceValidation.STRICT, false);
    }

    /** Its frames have no tag. */
    public InterfaceSettings(String name, String device, Driver driver, List<IpPrefix> addresses, String zone, int mtu,
            SourceValidation sourceValidation, boolean refusesBogons, boolean clampsMss,
            RouterAdvertisement advertisement) {
        this(name, device, driver, addresses, zone, mtu, sourceValidation, refusesBogons, clampsMss, advertisement, 0);
    }

    /** @return the device, with the VLAN behind a dot if there is one, as ip link writes it. */
    public String link() {
        return vlan == 0 ? device : device + "." + vlan;
    }

    /** Connections are kept to its MTU. */
    public InterfaceSettings(String name, String device, Driver driver, List<IpPrefix> addresses, String zone, int mtu,
            SourceValidation sourceValidation, boolean refusesBogons) {
        this(name, device, driver, addresses, zone, mtu, sourceValidation, refusesBogons, true, null);
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
