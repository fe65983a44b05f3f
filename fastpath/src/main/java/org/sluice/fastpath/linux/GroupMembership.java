package org.sluice.fastpath.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Has a device take frames for every multicast address, which a network card filters out otherwise: neighbour discovery of IPv6 needs them.
 * It lasts as long as the packet socket through which it was asked for (packet(7)).
 */
public final class GroupMembership implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_ADD_MEMBERSHIP = 1;
    private static final int PACKET_MREQ = 16;
    private static final int PACKET_MR_ALLMULTI = 2;

    private final Libc libc = new Libc();
    private final int descriptor;

    /** Asks through a socket of its own, which receives nothing. @param index of the device */
    public GroupMembership(String device, int index) {
        descriptor = libc.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
        try {
            join(libc, descriptor, device, index);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    static void join(Libc libc, int descriptor, String device, int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment membership = arena.allocate(PACKET_MREQ, 4);
            membership.set(JAVA_INT, 0, index);
            membership.set(JAVA_SHORT, 4, (short) PACKET_MR_ALLMULTI);
            libc.setOption("setsockopt PACKET_ADD_MEMBERSHIP on " + device, descriptor, SOL_PACKET,
                    PACKET_ADD_MEMBERSHIP, membership);
        }
    }

    @Override
    public void close() {
        libc.close(descriptor);
    }
}
