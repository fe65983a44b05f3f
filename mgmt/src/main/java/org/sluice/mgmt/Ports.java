package org.sluice.mgmt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.fastpath.linux.LinuxException;
import org.sluice.fastpath.port.AfPacketPort;
import org.sluice.fastpath.port.AfXdpPort;
import org.sluice.fastpath.port.DevicePort;
import org.sluice.fastpath.port.PcapPort;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.port.ReplayClock;
import org.sluice.fastpath.port.TapPort;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.InterfaceSettings;

/** Opens ports for each interface of the configuration, one for each worker, by the driver that it names. */
final class Ports {
    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

    private static final int ETHERNET_MTU = 1_500;

    private Ports() {}

    /**
     * @param all gets them one by one, so that they can be closed also when one fails
     * @return those of each worker, in the order of the interfaces
     * @throws IOException when a device is not there, a privilege is missing, or a driver is not to be had
     */
    static List<List<Port>> open(GatewaySettings settings, int workers, List<Port> all) throws IOException {
        List<List<Port>> byWorker = new ArrayList<>();
        ReplayClock replay = new ReplayClock();
        for (int worker = 0; worker < workers; worker++) {
            byWorker.add(new ArrayList<>());
        }
        for (InterfaceSettings s : settings.interfaces()) {
            List<? extends DevicePort> ports = open(byWorker.getFirst().size(), s, settings.interfaces(), workers,
                    replay);
            all.addAll(ports);
            for (int worker = 0; worker < workers; worker++) {
                DevicePort port = ports.get(worker);
                byWorker.get(worker).add(port);
                if (s.mtu() > 0) {
                    port.limitMtu(s.mtu());
                }
            }
            LOG.info("interface {}: device {}, {}", s.name(), s.link(), ports.getFirst().description());
        }
        return byWorker;
    }

    private static List<? extends DevicePort> open(int index, InterfaceSettings s, List<InterfaceSettings> all,
            int workers, ReplayClock replay) throws IOException {
        return switch (s.driver()) {
            case AF_PACKET -> packet(index, s, all, workers);
            case AF_XDP -> xdp(index, s, all, workers);
            case TAP -> TapPort.open(index, s.name(), s.device(), workers);
            case PCAP -> capture(index, s, workers, replay);
        };
    }

    private static List<? extends DevicePort> packet(int index, InterfaceSettings s, List<InterfaceSettings> all,
            int workers) {
        return AfPacketPort.open(index, s.name(), s.device(), AfPacketPort.Options.DEFAULT.onVlan(vlan(s, all)),
                workers);
    }

    private static List<? extends DevicePort> capture(int index, InterfaceSettings s, int workers, ReplayClock replay)
            throws IOException {
        if (s.vlan() > 0) {
            throw new IOException(
                    "interface " + s.name() + ": the driver pcap has no VLANs; use a capture without tags");
        }
        try {
            return PcapPort.open(index, s.name(), Path.of(s.device()), s.mtu() > 0 ? s.mtu() : ETHERNET_MTU, workers,
                    replay);
        } catch (IOException e) {
            throw new IOException("interface " + s.name() + ": " + e.getMessage(), e);
        }
    }

    private static List<? extends DevicePort> xdp(int index, InterfaceSettings s, List<InterfaceSettings> all,
            int workers) {
        try {
            if (vlan(s, all) != AfPacketPort.Options.UNTAGGED) {
                throw new IllegalStateException("VLANs that share a device need AF_PACKET");
            }
            return AfXdpPort.open(index, s.name(), s.device(), workers);
        } catch (LinuxException | IllegalStateException e) {
            LOG.warn("interface {}: AF_XDP can't be had on {}, AF_PACKET takes over: {}", s.name(), s.link(),
                    e.getMessage());
            return packet(index, s, all, workers);
        }
    }

    /** Tagged frames are somebody's when another interface is on the same device. */
    private static int vlan(InterfaceSettings iface, List<InterfaceSettings> all) {
        boolean isShared = all.stream()
                .anyMatch(i -> !i.name().equals(iface.name()) && i.device().equals(iface.device()));
        return iface.vlan() == 0 && !isShared ? AfPacketPort.Options.UNTAGGED : iface.vlan();
    }
}
