package org.sluice.slowpath.settings;

import java.net.InetAddress;

/**
 * A router that a route goes by.
 *
 * @param address of the router
 * @param iface name of the interface on whose link it is; null when its address tells, as all but link-local ones of IPv6 do
 */
public record NextHop(InetAddress address, String iface) {
    /** Between the address and the interface (RFC 4007, section 11). */
    public static final char ZONE = '%';

    /** One whose address tells on which link it is. */
    public NextHop(InetAddress address) {
        this(address, null);
    }

    /** @return as in the configuration. */
    @Override
    public String toString() {
        return iface == null ? address.getHostAddress() : address.getHostAddress() + ZONE + iface;
    }
}
