package org.sluice.slowpath.settings;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What an interface tells the hosts of its link, so that they need no configuration (RFC 4861, RFC 4862). The prefixes are those of
 * the interface's addresses, the MTU is its own.
 *
 * @param lifetime how long hosts keep the gateway as their router without hearing more of it, 1 s to 18 h
 * @param interval the longest time between two of them, 4 s to 30 min
 * @param dns name servers that hosts are to ask (RFC 8106), IPv6; may be empty
 */
public record RouterAdvertisement(Duration lifetime, Duration interval, List<InetAddress> dns) {
    /** RFC 4861 6.2.1. */
    public static final RouterAdvertisement USUAL = new RouterAdvertisement(Duration.ofMinutes(30),
            Duration.ofMinutes(10), List.of());
}
