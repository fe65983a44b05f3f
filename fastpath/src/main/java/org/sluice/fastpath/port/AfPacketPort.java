package org.sluice.fastpath.port;

import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.linux.Epoll;
import org.sluice.fastpath.linux.Errno;
import org.sluice.fastpath.linux.InterfaceInfo;
import org.sluice.fastpath.linux.InterfaceReader;
import org.sluice.fastpath.linux.LinuxException;
import org.sluice.fastpath.linux.RealTimeClock;
import org.sluice.fastpath.linux.SocketFilter;

/**
 * A network device through AF_PACKET: receive and transmit rings in memory shared with the kernel, no system call for
 * receiving, one for a burst to transmit.
 *
 * <p>There are two sockets, each with a pair of rings: one for frames of ordinary size, in small slots, and one for GSO
 * super-frames, in slots of 65 KiB. A filter on the length has each received frame go to exactly one of them. The kernel
 * offers a frame to one socket after the other before it takes the next frame, so both rings together hold the frames in
 * order, and {@link #receive} takes the older of the two heads. On another core a large frame may still be on its way into its ring when a
 * later small one is there already: so between super-frames, small ones wait some microseconds. TPACKET_V2 hands over frame by frame; V3 would pack frames
 * of any size tightly, but holds them back for up to some milliseconds at low rates.
 *
 * <p>To transmit, a frame that the device or the kernel still has to cut into segments goes through the large socket whatever
 * its length, because only that one leaves the queueing discipline in the way: the short cut past it drops super-frames
 * when the device can't cut them itself. It sends at once ({@link DirectTransmit}); the small frames before it are flushed first, so order
 * is kept.
 *
 * <p>When the device comes up again, the kernel resumes by itself; when it was deleted and made anew, so are the sockets. The descriptor
 * to wait for stays. Several workers have a port each, and share the device ({@link PacketSockets}).
 */
public final class AfPacketPort extends DevicePort {

    /**
     * Slots of the three rings; rounded up to whole blocks. A small slot takes 2 KiB of memory, a large one 65 KiB.
     *
     * @param smallReceive frames of ordinary size that may wait
     * @param largeReceive super-frames that may wait
     * @param smallTransmit frames of ordinary size that may be on their way to the device
     * @param kernelBypass whether to keep the kernel's own stack from handling the device's frames
     * @param vlan of the frames on the device that are the port's (802.1Q), 1 to 4094; or {@link #ONLY_UNTAGGED}, or
     *        {@link #UNTAGGED}
     * @param filter of what else the port is given only some of
     */
    public record Options(int smallReceive, int largeReceive, int smallTransmit, boolean kernelBypass, int vlan,
            SocketFilter filter) {
        /** Frames without a tag; the others are other ports'. */
        public static final int ONLY_UNTAGGED = 0;
        /** Frames without a tag; the others are nobody's, and counted. */
        public static final int UNTAGGED = -1;
        /** For one device of some 10 Gbit/s and one worker: 37 MiB in all. */
        public static final Options DEFAULT = new Options(8_000, 240, 2_000, true);

        /** For a port that has the device for itself. */
        public Options(int smallReceive, int largeReceive, int smallTransmit, boolean kernelBypass) {
            this(smallReceive, largeReceive, smallTransmit, kernelBypass, UNTAGGED, SocketFilter.ALL);
        }

        /**
         * @return for each of that many workers. Two have as much as one would, since any of them may get the bursts; from then on all
         *         together have twice as much, and none less than an eighth.
         */
        Options among(int workers) {
            int share = Math.clamp(workers, 2, LEAST_SHARE);
            return new Options(2 * smallReceive / share, 2 * largeReceive / share, 2 * smallTransmit / share,
                    kernelBypass, vlan, filter);
        }

        /** @return the same for other frames of the device. */
        public Options onVlan(int other) {
            return new Options(smallReceive, largeReceive, smallTransmit, kernelBypass, other, filter);
        }

        /** @return the same for some of the frames. */
        public Options only(SocketFilter some) {
            return new Options(smallReceive, largeReceive, smallTransmit, kernelBypass, vlan, some);
        }

        /** @return for both sockets of a port. */
        SocketFilter admitted() {
            // a fanout group of an older kernel is shown outgoing frames, whatever its sockets want
            SocketFilter incoming = SocketFilter.ALL.incoming();
            return (vlan == UNTAGGED ? incoming : incoming.vlan(vlan)).and(filter);
        }
    }

    private static final int REHEARSALS = 1_000;
    /** As long as the kernel may take to copy a super-frame into its slot. */
    private static final long COPYING_NANOS = 40_000;
    /** After a super-frame, another may follow soon. */
    private static final long BULK_NANOS = 1_000_000;
    private static final int LEAST_SHARE = 16;

    private final PacketSockets sockets;
    private final int worker;
    private final Options options;
    private final boolean countsTagged;
    /** Longest frame for a small slot, without the tag that it may get. */
    private final int longestSmall;
    private final Epoll epoll = new Epoll();
    private final RealTimeClock clock = new RealTimeClock();
    /** When the last super-frame arrived, nanoseconds since 1970. */
    private long lastLarge;
    /** Null, as the rings, while the device is being made anew. */
    private PacketPair pair;
    private RxRing smallReceive;
    private RxRing largeReceive;
    private TxRing smallTransmit;
    private DirectTransmit largeTransmit;
    private boolean isClosed;

    private AfPacketPort(int index, String name, String device, Options options, PacketSockets sockets, int worker) {
        super(index, name, device, new InterfaceReader(device));
        this.sockets = sockets;
        this.worker = worker;
        this.options = options;
        countsTagged = options.vlan == Options.UNTAGGED;
        longestSmall = AfPacketLayout.SMALL_FRAME - (options.vlan > 0 ? VlanTag.LENGTH : 0);
        sockets.enter();
    }

    /** The same for one worker. */
    public static AfPacketPort open(int index, String name, String device, Options options) {
        return open(index, name, device, options, 1).getFirst();
    }

    /**
     * @param index position in the gateway's list of ports
     * @param name of the interface in the configuration
     * @param device of the kernel, such as eth0
     * @param options for one worker
     * @param workers from 1 on
     * @return one port for each of them
     * @throws IllegalStateException when there is no such device
     * @throws LinuxException for want of privilege or memory
     */
    public static List<AfPacketPort> open(int index, String name, String device, Options options, int workers) {
        Options each = options.among(workers);
        PacketSockets sockets = new PacketSockets(device, each, workers);
        List<AfPacketPort> ports = new ArrayList<>();
        try {
            for (int worker = 0; worker < workers; worker++) {
                ports.add(new AfPacketPort(index, name, device, each, sockets, worker));
                ports.getLast().start();
            }
            ports.getFirst().rehearse();
            return ports;
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(ports);
            throw e;
        }
    }

    private void start() {
        InterfaceInfo info = reader.read();
        if (info == null) {
            throw new IllegalStateException("interface " + name() + ": there is no device " + device()
                    + "; `ip link` lists the devices, the configuration names the one to use");
        }
        renew(info);
        if (pair == null) {
            throw new IllegalStateException("interface " + name() + ": the device " + device()
                    + " was exchanged for another while the gateway opened it; start again");
        }
    }

    /** Has the JVM link and compile the system call before the first frame has to wait for that. */
    private void rehearse() {
        for (int i = 0; i < REHEARSALS; i++) {
            pair.small().kick();
            largeTransmit.rehearse();
        }
    }

    /** Has sockets for the device as it is now, or none as long as other workers have some for it as it was. */
    private void renew(InterfaceInfo info) {
        giveBack();
        pair = sockets.take(worker, info);
        if (pair != null) {
            smallReceive = new RxRing(pair.small().receiveRing(), AfPacketLayout.small(options.smallReceive));
            largeReceive = new RxRing(pair.large().receiveRing(), AfPacketLayout.large(options.largeReceive));
            smallTransmit = new TxRing(pair.small(), AfPacketLayout.small(options.smallTransmit),
                    AfPacketLayout.SMALL_FRAME, options.vlan, counters);
            largeTransmit = new DirectTransmit(pair.large(), AfPacketLayout.LARGE_FRAME, options.vlan);
            epoll.add(pair.small().descriptor());
            epoll.add(pair.large().descriptor());
            seen(info);
        }
    }

    private void giveBack() {
        isUp(false);
        if (pair != null) {
            smallTransmit.abandon();
            epoll.clear();
            pair.close();
            pair = null;
            sockets.giveBack();
        }
    }

    private void notice(InterfaceInfo info) {
        boolean wasUp = isUp();
        seen(info);
        if (isUp() && !wasUp) {
            smallTransmit.discard();
        }
    }

    @Override
    public String description() {
        return "AF_PACKET, " + (sockets.workers() > 1 ? "shared by " + sockets.workers() + " workers, " : "")
                + bypassDescription();
    }

    /** @return how the kernel's stack is kept out, and what is amiss with it, for the log. Owner's thread. */
    public String bypassDescription() {
        return sockets.bypassDescription();
    }

    @Override
    public int receive(FrameBurst burst) {
        burst.clear();
        if (pair == null) {
            return 0;
        }
        long packets = 0;
        long bytes = 0;
        while (!burst.isFull()) {
            RxRing ring = older();
            if (ring == null) {
                break;
            }
            int length = ring.length();
            packets++;
            bytes += length;
            if (ring.isTruncated()) {
                counters.increment(PortCounter.RX_TRUNCATED);
            } else if (countsTagged && ring.hadVlanTag()) {
                counters.increment(PortCounter.RX_VLAN);
            } else {
                burst.add(ring.buffer(), ring.frame(), length, ring.timestamp());
            }
            if (ring == largeReceive) {
                lastLarge = ring.timestamp();
            }
            ring.take();
        }
        if (packets > 0) {
            counters.add(PortCounter.RX_PACKETS, packets);
            counters.add(PortCounter.RX_BYTES, bytes);
        }
        if (burst.size() == 0) {
            release();
        }
        return burst.size();
    }

    @Override
    public void release() {
        smallReceive.release();
        largeReceive.release();
    }

    /**
     * A ring that looked empty before the other was found to hold a frame may have got an older one since; it is looked at
     * again. After that, whatever is older than a visible frame is visible too.
     *
     * @return the ring whose head arrived first, or null when both are empty or a small frame has to wait
     */
    private RxRing older() {
        if (smallReceive.isReady()) {
            long arrived = smallReceive.timestamp();
            if (largeReceive.isReady()) {
                return largeReceive.timestamp() < arrived ? largeReceive : smallReceive;
            }
            return arrived - lastLarge < BULK_NANOS && mayOvertake(arrived) ? null : smallReceive;
        }
        if (largeReceive.isReady()) {
            return smallReceive.isReady() && smallReceive.timestamp() <= largeReceive.timestamp()
                    ? smallReceive
                    : largeReceive;
        }
        return null;
    }

    /** Time may be set back, which must not hold anything up. */
    private boolean mayOvertake(long arrived) {
        long age = clock.now() - arrived;
        return age >= 0 && age < COPYING_NANOS;
    }

    @Override
    boolean transmit(DirectBuffer buffer, int offset, int length, boolean originated) {
        if (!isUp()) {
            return false;
        }
        boolean small = length <= longestSmall
                && VirtioNetHeader.gsoType(buffer, offset) == VirtioNetHeader.GSO_NONE;
        boolean taken = small
                ? queue(buffer, offset, length, originated)
                : send(buffer, offset, length, originated);
        if (!taken) {
            counters.increment(PortCounter.TX_FULL);
        }
        return taken;
    }

    private boolean queue(DirectBuffer buffer, int offset, int length, boolean originated) {
        if (smallTransmit.offer(buffer, offset, length, originated)) {
            return true;
        }
        flush();
        return isUp() && smallTransmit.offer(buffer, offset, length, originated);
    }

    /** What waits goes first; if the device refuses some of that for now, they may be overtaken. */
    private boolean send(DirectBuffer buffer, int offset, int length, boolean originated) {
        flush();
        int result = largeTransmit.send(buffer, offset, length);
        if (result == -Errno.EAGAIN.number()) {
            return false;
        }
        if (result < 0) {
            rejected(originated);
            heed(-result);
        } else {
            sent(result, originated);
        }
        return true;
    }

    @Override
    public void flush() {
        if (!isUp()) {
            return;
        }
        if (!smallTransmit.isEmpty()) {
            heed(smallTransmit.flush());
        }
    }

    private void heed(int errno) {
        if (errno == Errno.ENETDOWN.number() || errno == Errno.ENXIO.number()) {
            isUp(false);
        }
    }

    @Override
    public void maintain() {
        try {
            if (pair != null) {
                counters.add(PortCounter.RX_MISSED, (long) pair.small().missed() + pair.large().missed());
                // going down and up leaves an error also when it was too quick to be seen here
                pair.small().clearError();
                pair.large().clearError();
            }
            InterfaceInfo info = reader.read();
            if (info == null) {
                isUp(false);
            } else if (pair == null || !sockets.serves(info)) {
                renew(info);
            } else {
                notice(info);
            }
        } catch (LinuxException e) {
            // the device changes at this very moment; the next call finds out
            isUp(false);
        }
        flush();
    }

    /** @return one descriptor, always the same. */
    @Override
    public int[] fileDescriptors() {
        return new int[]{epoll.descriptor()};
    }

    @Override
    public void wakesOwner(boolean value) {
        epoll.listen(value);
    }

    @Override
    public void close() {
        if (!isClosed) {
            // a number that was closed may be another's already
            isClosed = true;
            giveBack();
            sockets.leave();
            CloseHelper.quietCloseAll(epoll, reader);
        }
    }
}
