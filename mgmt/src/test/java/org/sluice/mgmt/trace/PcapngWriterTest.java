package org.sluice.mgmt.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.slowpath.view.TraceView;
import org.sluice.slowpath.view.TraceView.Hop;
import org.sluice.slowpath.view.TraceView.Sent;

/** The blocks of a capture file, and the text of a packet. */
class PcapngWriterTest {
    private static final int INTERFACE = 1;
    private static final int PACKET = 6;
    private static final TraceView FORWARDED = new TraceView("2026-11-25T20:15:00.000000007Z", "inside", "a > b", 60,
            "0102030405", List.of(new Hop("policy", "rule 1: accept"), new Hop("send", "by outside")),
            List.of(new Sent("outside", "c > b", 61, "0a0b0c")), "forwarded", "");
    private static final TraceView DROPPED = new TraceView("2026-11-25T20:15:01Z", "inside", "a > b", 60, "01020304",
            List.of(new Hop("drop", "policy: no rule lets it in")), List.of(), "dropped", "policy");

    /** @return types and bodies. */
    private static List<ByteBuffer> blocks(byte[] file) {
        List<ByteBuffer> blocks = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            int at = in.position();
            int length = in.getInt(at + 4);
            assertThat(length % 4).isZero();
            assertThat(in.getInt(at + length - 4)).as("the length stands at both ends").isEqualTo(length);
            blocks.add(in.slice(at, length).order(ByteOrder.LITTLE_ENDIAN));
            in.position(at + length);
        }
        return blocks;
    }

    private static byte[] file(TraceView... packets) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PcapngWriter writer = new PcapngWriter(out)) {
            for (int i = 0; i < packets.length; i++) {
                writer.write(i + 1, packets[i]);
            }
        }
        return out.toByteArray();
    }

    @Test
    void shouldDescribeEachInterfaceOnceBeforeItsFirstFrame() throws IOException {
        assertThat(blocks(file(FORWARDED, DROPPED)).stream().map(b -> b.getInt(0))).containsExactly(0x0A0D0D0A,
                INTERFACE, PACKET, INTERFACE, PACKET, PACKET);
    }

    @Test
    void shouldSayWhenAndHowLongAndWhatWasDecided() throws IOException {
        ByteBuffer packet = blocks(file(FORWARDED)).get(2);
        assertThat(packet.getInt(8)).as("interface").isZero();
        assertThat((packet.getInt(12) & 0xFFFF_FFFFL) << 32 | packet.getInt(16) & 0xFFFF_FFFFL)
                .isEqualTo(1_795_637_700_000_000_007L);
        assertThat(packet.getInt(20)).as("captured").isEqualTo(5);
        assertThat(packet.getInt(24)).as("on the wire").isEqualTo(60);
        assertThat(StandardCharsets.UTF_8.decode(packet.slice(28, packet.capacity() - 28)).toString())
                .contains("packet 1\n   1  policy      rule 1: accept\n   2  send        by outside\n   =  forwarded");
    }

    @Test
    void shouldPutAPacketIntoWords() {
        assertThat(TraceText.block(3, DROPPED)).containsExactly(
                "packet 3 2026-11-25T20:15:01Z in inside, 60 bytes: a > b",
                "   1  drop        policy: no rule lets it in", "   =  dropped (policy)");
    }
}
