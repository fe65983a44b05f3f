package org.sluice.fastpath.port;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.linux.Errno;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.PacketSocket;

/**
 * Sends frames one by one, straight from where they lie, which for a forwarded one is the receive ring. The kernel's copy is the only one:
 * from a transmit ring it would point into the ring, and devices that keep a frame longer than the call lasts, such as veth, would have it
 * copied once more. For 64 KiB a copy costs far more than a system call, for an ordinary frame it is the other way round
 * ({@link TxRing}).
 *
 * <p>Belongs to one thread. Nothing here throws or allocates.
 */
final class DirectTransmit {
    private final PacketSocket socket;
    private final int longest;
    private final int tag;
    private final NativeBuffer header = new NativeBuffer(0, 0);
    /** For a frame that needs a tag, or lies where the kernel can't read it. */
    private final NativeBuffer scratch;

    /**
     * @param socket without a transmit ring
     * @param longest frame to send, bytes
     * @param vlan that frames go out to, or at most 0 for none
     */
    DirectTransmit(PacketSocket socket, int longest, int vlan) {
        this.socket = socket;
        this.longest = longest;
        tag = VlanTag.of(vlan);
        scratch = new NativeBuffer(ByteBuffer.allocateDirect(VirtioNetHeader.LENGTH + longest));
    }

    /** Has the JVM link and compile the system call before the first frame has to wait for that. */
    void rehearse() {
        socket.send(scratch.addressOffset(), 0);
    }

    /** @return bytes of the frame as the device got it; or the error number negated: -EAGAIN when too many are on their way to the device */
    int send(DirectBuffer source, int offset, int untagged) {
        int length = untagged + (tag == 0 ? 0 : VlanTag.LENGTH);
        if (length > longest) {
            return -Errno.EMSGSIZE.number();
        }
        long address = address(source, offset, untagged);
        header.wrap(address, VirtioNetHeader.LENGTH);
        VirtioNetHeader.keepNeedsChecksumOnly(header, VirtioNetHeader.LENGTH);
        int result = socket.send(address, VirtioNetHeader.LENGTH + length);
        return result < 0 ? result : length;
    }

    /** @return of the virtio-net header before the frame. */
    private long address(DirectBuffer source, int offset, int length) {
        if (tag == 0 && source.byteArray() == null) {
            return source.addressOffset() + offset - VirtioNetHeader.LENGTH;
        }
        if (tag == 0) {
            scratch.putBytes(0, source, offset - VirtioNetHeader.LENGTH, VirtioNetHeader.LENGTH + length);
        } else {
            VlanTag.copy(scratch, VirtioNetHeader.LENGTH, source, offset, length, tag);
        }
        return scratch.addressOffset();
    }
}
