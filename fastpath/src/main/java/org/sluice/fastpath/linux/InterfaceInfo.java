package org.sluice.fastpath.linux;

/**
 * What the kernel says about a device at one moment (netdevice(7)).
 *
 * @param index of the device, from 1; changes when a device is deleted and made anew
 * @param macAddress in the lower 48 bits, first byte highest
 * @param mtu largest IP packet in bytes
 * @param flags IFF_ bits
 */
public record InterfaceInfo(int index, long macAddress, int mtu, int flags) {
    private static final int IFF_UP = 1;
    private static final int IFF_RUNNING = 0x40;

    /** @return whether it is switched on and has a carrier. */
    public boolean isUp() {
        return (flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING);
    }
}
