package org.sluice.fastpath.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.fastpath.counter.DropReason;

/** Which frames are picked, and what is written down about them. */
class FrameTracerTest {
    private static final int L4 = 34;
    private static final int RING = 1 << 14;
    private static final long MAPPED = 0xFFFF_0000_0000L;
    private static final String ETHERNET = "020000000001" + "02000000000a";
    /** TCP from 10.77.0.2 port 5000 to 198.51.100.2 port 80. */
    private static final byte[] TCP = HexFormat.of()
            .parseHex(ETHERNET + "0800" + "4500002800000000400600000a4d0002c6336402"
                    + "13880050" + "00000000000000005002000000000000");
    /** A ping with identifier 77 from the same host. */
    private static final byte[] ECHO = HexFormat.of()
            .parseHex(ETHERNET + "0800" + "4500001c00000000400100000a4d0002c6336402" + "08000000004d0001");

    private static TraceFilter.Address v4(int address) {
        return new TraceFilter.Address(0, MAPPED | address & 0xFFFF_FFFFL);
    }

    private static boolean matches(TraceFilter filter, byte[] frame, int protocol) {
        return filter.matches(new UnsafeBuffer(frame), 14, L4, protocol, frame.length);
    }

    @ParameterizedTest
    @CsvSource({"-1,0,0,-1,-1,true", "6,0,0,-1,-1,true", "17,0,0,-1,-1,false", "6,0a4d0002,0,-1,-1,true",
            "6,0,0a4d0002,-1,-1,true", "6,0a4d0003,0,-1,-1,false", "6,0a4d0002,c6336402,5000,80,true",
            "6,c6336402,0a4d0002,80,5000,true", "6,0a4d0002,c6336402,80,5000,false", "6,0,0,-1,80,true",
            "6,0,0,80,-1,true",
            "6,0,0,-1,81,false", "6,0a4d0002,0a4d0002,-1,-1,false"})
    void shouldPickByBothEndsInEitherDirection(int protocol, String src, String dst, int sport, int dport,
            boolean picked) {
        TraceFilter filter = new TraceFilter(protocol, src.equals("0") ? null : v4((int) Long.parseLong(src, 16)),
                dst.equals("0") ? null : v4((int) Long.parseLong(dst, 16)), sport, dport);
        assertThat(matches(filter, TCP, 6)).isEqualTo(picked);
    }

    @ParameterizedTest
    @CsvSource({"77,-1,true", "-1,77,true", "78,-1,false", "77,77,true"})
    void shouldTakeTheIdentifierOfAPingForItsPorts(int sport, int dport, boolean picked) {
        assertThat(matches(new TraceFilter(1, null, null, sport, dport), ECHO, 1)).isEqualTo(picked);
    }

    @Test
    void shouldNotReadPortsThatAreNotAtHand() {
        TraceFilter port = new TraceFilter(6, null, null, TraceFilter.ANY, 80);
        assertThat(port.matches(new UnsafeBuffer(TCP), 14, L4, 6, L4 + 3)).isFalse();
    }

    @Test
    void shouldWriteDownTheFrameAsItCameAndAsItLeft() {
        FrameTracer tracer = new FrameTracer(TraceFilter.ALL, RING);
        byte[] large = new byte[1_500];
        System.arraycopy(TCP, 0, large, 0, TCP.length);
        UnsafeBuffer b = new UnsafeBuffer(large);
        tracer.begin(1, b, 0, large.length, 42);
        tracer.packet(L4, 6);
        b.putByte(5, (byte) 9);
        tracer.forwarded(7, 2, b, 0, 60);
        List<String> records = new ArrayList<>();
        tracer.read((type, m, index, length) -> records.add(type + " " + m.getLong(index + FrameRecord.TIMESTAMP) + " "
                + m.getInt(index + FrameRecord.FLOW) + " " + m.getInt(index + FrameRecord.IN) + " "
                + m.getInt(index + FrameRecord.OUT) + " " + m.getInt(index + FrameRecord.LENGTH) + " "
                + m.getInt(index + FrameRecord.KEPT) + " " + m.getInt(index + FrameRecord.OUT_LENGTH) + " "
                + m.getInt(index + FrameRecord.OUT_KEPT) + " " + m.getByte(index + FrameRecord.FRAMES + 5) + " "
                + m.getByte(index + FrameRecord.FRAMES + 256 + 5) + " " + length), 10);
        assertThat(records).containsExactly("1 42 7 1 2 1500 256 60 60 1 9 " + (FrameRecord.FRAMES + 256 + 60));
    }

    @Test
    void shouldTellOfMalformedFramesOnlyWhoAsksForEverything() {
        for (TraceFilter filter : List.of(TraceFilter.ALL, new TraceFilter(6, null, null, -1, -1))) {
            FrameTracer tracer = new FrameTracer(filter, RING);
            tracer.begin(0, new UnsafeBuffer(new byte[8]), 0, 8, 1);
            tracer.dropped(DropReason.TRUNCATED, 0, -1);
            List<Integer> reasons = new ArrayList<>();
            tracer.read((type, m, index, length) -> reasons.add(m.getInt(index + FrameRecord.REASON)), 10);
            assertThat(reasons).hasSize(filter.isAll() ? 1 : 0)
                    .allMatch(r -> r == DropReason.TRUNCATED.ordinal());
        }
    }

    @Test
    void shouldCountWhatFindsNoRoom() {
        FrameTracer tracer = new FrameTracer(TraceFilter.ALL, RING);
        for (int i = 0; i < 1_000; i++) {
            tracer.begin(0, new UnsafeBuffer(TCP), 0, TCP.length, i);
            tracer.dropped(DropReason.PUNT_FULL, 0, -1);
        }
        int told = tracer.read((type, m, index, length) -> {}, 1_000);
        assertThat(told).isPositive();
        assertThat(told + tracer.lost()).isEqualTo(1_000);
    }
}
