package org.sluice.fastpath.port;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.linux.InterfaceInfo;
import org.sluice.fastpath.linux.InterfaceReader;

/** What the ports of Linux devices have in common: who they are, and what the device was like when it was last looked at. */
public abstract sealed class DevicePort implements Port permits AfPacketPort, AfXdpPort, PcapPort, TapPort {
    /** Locally administered, one station. */
    private static final long MADE_UP = 0x02_53_00_00_00_00L;

    final CounterSet<PortCounter> counters = new CounterSet<>(PortCounter.class);
    final InterfaceReader reader;
    private final int index;
    private final String name;
    private final String device;
    private volatile long macAddress;
    private volatile int mtu;
    private volatile int mtuLimit = Integer.MAX_VALUE;
    private volatile boolean isUp;

    /** @param reader null where there is no device of the kernel */
    DevicePort(int index, String name, String device, InterfaceReader reader) {
        this.index = index;
        this.name = name;
        this.device = device;
        this.reader = reader;
    }

    /** Takes over what the device is like. Owner's thread. */
    final void seen(InterfaceInfo info) {
        macAddress = info.macAddress();
        mtu = info.mtu();
        isUp = info.isUp();
    }

    final void macAddress(long value) {
        macAddress = value;
    }

    /** @return an Ethernet address that the device itself doesn't have, the same at every start. */
    static long madeUpAddress(String device) {
        CRC32 crc = new CRC32();
        crc.update(device.getBytes(StandardCharsets.UTF_8));
        return MADE_UP | crc.getValue();
    }

    final void mtu(int value) {
        mtu = value;
    }

    final void isUp(boolean value) {
        isUp = value;
    }

    @Override
    public final int index() {
        return index;
    }

    @Override
    public final String name() {
        return name;
    }

    /** @return name of the kernel's device. */
    public final String device() {
        return device;
    }

    @Override
    public final long macAddress() {
        return macAddress;
    }

    /** Makes the port take no packets larger than this, whatever the device would. Before the port is used. */
    public final void limitMtu(int bytes) {
        mtuLimit = bytes;
    }

    @Override
    public final int mtu() {
        return Math.min(mtu, mtuLimit);
    }

    @Override
    public final boolean isUp() {
        return isUp;
    }

    @Override
    public final CounterSet<PortCounter> counters() {
        return counters;
    }

    @Override
    public final boolean transmit(DirectBuffer buffer, int offset, int length) {
        return transmit(buffer, offset, length, false);
    }

    @Override
    public final boolean originate(DirectBuffer buffer, int offset, int length) {
        return transmit(buffer, offset, length, true);
    }

    /** Counts a frame that the device has taken. @param bytes of the frame. @param originated whether it stands for no received frame */
    final void sent(int bytes, boolean originated) {
        counters.add(PortCounter.TX_ORIGINATED, originated ? 1 : 0);
        counters.increment(PortCounter.TX_PACKETS);
        counters.add(PortCounter.TX_BYTES, bytes);
    }

    /** Counts a frame that the device has refused. */
    final void rejected(boolean originated) {
        counters.increment(PortCounter.TX_REJECTED);
        counters.add(PortCounter.TX_REJECTED_ORIGINATED, originated ? 1 : 0);
    }

    /** @param originated whether it stands for no received frame */
    abstract boolean transmit(DirectBuffer buffer, int offset, int length, boolean originated);

    /** @return how it works here, for the log. Owner's thread. */
    public abstract String description();
}
