package org.sluice.perf.gen;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import org.sluice.fastpath.linux.SocketFilter;
import org.sluice.fastpath.port.AfPacketPort;
import org.sluice.fastpath.port.AfXdpPort;
import org.sluice.fastpath.port.DevicePort;

/**
 * A device that a generator or a sink has, and how.
 *
 * @param device Linux interface, up
 * @param namespace network namespace of the device, by its name in ip-netns(8) or the path of its file; empty for this process's own
 * @param driver frames go through
 * @param address that the generator has on the device's link, to ask neighbours with; null for the first of the load's own addresses
 * @param filter of the frames that come, which over AF_XDP is of no effect
 */
public record Attachment(String device, String namespace, Driver driver, InetAddress address, SocketFilter filter) {
    private static final String NAMESPACES = "/run/netns/";
    /** Enough for frames that come while the thread is held up for some ten milliseconds. */
    private static final int RECEIVE = 16_000;
    private static final int LARGE_RECEIVE = 32;
    private static final int TRANSMIT = 2_000;

    /** How frames get to a device and from it. */
    public enum Driver {
        AF_PACKET, AF_XDP
    }

    /** All that comes to a device. */
    public Attachment(String device, String namespace, Driver driver, InetAddress address) {
        this(device, namespace, driver, address, SocketFilter.ALL);
    }

    /** Over AF_PACKET, in this process's own namespace. */
    public static Attachment of(String device) {
        return new Attachment(device, "", Driver.AF_PACKET, null);
    }

    /** @return the same device name in a namespace. */
    public Attachment in(String name) {
        return new Attachment(device, name, driver, address, filter);
    }

    public Attachment driver(Driver value) {
        return new Attachment(device, namespace, value, address, filter);
    }

    /** @return the same for some of the frames that come: the others cost next to nothing. */
    public Attachment only(SocketFilter some) {
        return new Attachment(device, namespace, driver, address, some);
    }

    /** @return the namespace's file, or null for the process's own. */
    String namespaceFile() {
        if (namespace.isEmpty()) {
            return null;
        }
        return namespace.indexOf('/') < 0 ? NAMESPACES + namespace : namespace;
    }

    /** Opens a port; the calling thread is in the namespace and owns it. */
    DevicePort open() {
        return switch (driver) {
            case AF_XDP -> AfXdpPort.open(0, device, device);
            // where the kernel has an address, it goes on: somebody may be logged in through it
            case AF_PACKET -> AfPacketPort.open(0, device, device,
                    new AfPacketPort.Options(RECEIVE, LARGE_RECEIVE, TRANSMIT, !hasKernelAddress()).only(filter));
        };
    }

    private boolean hasKernelAddress() {
        try {
            NetworkInterface found = NetworkInterface.getByName(device);
            return found != null && Collections.list(found.getInetAddresses()).stream()
                    .anyMatch(Inet4Address.class::isInstance);
        } catch (SocketException e) {
            return true;
        }
    }
}
