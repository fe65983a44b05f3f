package org.sluice.mgmt.trace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.sluice.slowpath.view.TraceView;
import org.sluice.slowpath.view.TraceView.Sent;

/**
 * Traced packets as a capture file (draft-ietf-opsawg-pcapng): what came in and what left, each with its interface, and the decisions
 * as comments. Complete after every packet. One thread.
 */
public final class PcapngWriter implements AutoCloseable {
    private static final int SECTION_HEADER = 0x0A0D_0D0A;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B_3C4D;
    private static final int LINKTYPE_ETHERNET = 1;
    private static final int OPT_END = 0;
    private static final int OPT_COMMENT = 1;
    private static final int SHB_USERAPPL = 4;
    private static final int IF_NAME = 2;
    private static final int IF_TSRESOL = 9;
    private static final byte NANOSECONDS = 9;
    private static final int EPB_FLAGS = 2;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    private static final int WORD = 4;
    private static final int FRAME_OF_BLOCK = 12;
    private static final long SECOND = 1_000_000_000L;
    /** Frames that came in through an interface which is not known any more. */
    private static final String NOWHERE = "gateway";

    private final OutputStream out;
    private final Map<String, Integer> interfaces = new HashMap<>();

    /** @param out is closed with this */
    public PcapngWriter(OutputStream out) throws IOException {
        this.out = out;
        Block header = new Block();
        header.number(BYTE_ORDER_MAGIC);
        header.half(1);
        header.half(0);
        // the section's length is not said
        header.number(-1);
        header.number(-1);
        header.option(SHB_USERAPPL, bytes("sluice"));
        header.end();
        write(SECTION_HEADER, header);
    }

    /** @param number of the packet, from 1 */
    public void write(int number, TraceView packet) throws IOException {
        Instant time = Instant.parse(packet.time());
        frame(packet.in().isEmpty() ? NOWHERE : packet.in(), time, packet.length(), packet.frame(), INBOUND,
                "packet " + number + "\n" + TraceText.decisions(packet));
        for (Sent sent : packet.sent()) {
            frame(sent.out(), time, sent.length(), sent.frame(), OUTBOUND,
                    "packet " + number + ", as it left: " + packet.verdict());
        }
        out.flush();
    }

    private void frame(String iface, Instant time, int length, String hex, int direction, String comment)
            throws IOException {
        byte[] frame = HexFormat.of().parseHex(hex);
        long nanos = time.getEpochSecond() * SECOND + time.getNano();
        Block block = new Block();
        block.number(number(iface));
        block.number((int) (nanos >>> Integer.SIZE));
        block.number((int) nanos);
        block.number(frame.length);
        block.number(length);
        block.padded(frame);
        block.option(OPT_COMMENT, bytes(comment.strip()));
        block.option(EPB_FLAGS, ByteBuffer.allocate(WORD).order(ByteOrder.LITTLE_ENDIAN).putInt(direction).array());
        block.end();
        write(ENHANCED_PACKET, block);
    }

    /** @return of an interface; it is described at its first frame */
    private int number(String iface) throws IOException {
        Integer known = interfaces.get(iface);
        if (known != null) {
            return known;
        }
        Block block = new Block();
        block.half(LINKTYPE_ETHERNET);
        block.half(0);
        // no limit is said: how much is kept the gateway decides
        block.number(0);
        block.option(IF_NAME, bytes(iface));
        block.option(IF_TSRESOL, new byte[]{NANOSECONDS});
        block.end();
        write(INTERFACE_DESCRIPTION, block);
        interfaces.put(iface, interfaces.size());
        return interfaces.size() - 1;
    }

    private void write(int type, Block block) throws IOException {
        byte[] body = block.bytes.toByteArray();
        int length = FRAME_OF_BLOCK + body.length;
        out.write(ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(length).put(body)
                .putInt(length).array());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** What is between the lengths of a block. */
    private static final class Block {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void number(int value) {
            half(value);
            half(value >>> Short.SIZE);
        }

        void half(int value) {
            bytes.write(value);
            bytes.write(value >>> Byte.SIZE);
        }

        void padded(byte[] value) {
            bytes.writeBytes(value);
            bytes.writeBytes(new byte[-value.length & WORD - 1]);
        }

        void option(int code, byte[] value) {
            half(code);
            half(value.length);
            padded(value);
        }

        void end() {
            half(OPT_END);
            half(0);
        }
    }
}
