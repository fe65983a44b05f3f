package org.sluice.slowpath.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.fragment.Reassembler.Result;
import org.sluice.slowpath.packet.Packet;

/** What is cut goes together again, whatever the network does to the pieces. */
class FragmentTest {
    private static final int IP = Ethernet.HEADER_LENGTH;
    private static final long SECOND = 1_000_000_000L;

    private final Fragmenter fragmenter = new Fragmenter();
    /** One whose header nobody reads. */
    private static final int OTHER_PROTOCOL = 99;

    private final Reassembler reassembler = new Reassembler();

    private static byte[] frame(int headerLength, byte[] payload, int identification, int protocol) {
        byte[] frame = new byte[IP + headerLength + payload.length];
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Ethernet.header(b, 0, 0x02_00_00_00_00_01L, 0x02_00_00_00_00_0AL, Ethernet.TYPE_IPV4);
        Ipv4.versionAndHeaderLength(b, IP, headerLength);
        Ipv4.totalLength(b, IP, headerLength + payload.length);
        Ipv4.identification(b, IP, identification);
        Ipv4.ttl(b, IP, 64);
        Ipv4.protocol(b, IP, protocol);
        Ipv4.source(b, IP, 0x0A4D0002);
        Ipv4.destination(b, IP, 0xC6336402);
        b.putBytes(IP + headerLength, payload);
        Ipv4.updateChecksum(b, IP);
        return frame;
    }

    /** A fragment with this part of a payload; the offset counts bytes. */
    private static byte[] fragment(int offset, boolean more, byte[] payload) {
        byte[] frame = frame(Ipv4.HEADER_LENGTH, payload, 7, Ipv4.PROTOCOL_UDP);
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Ipv4.flagsAndFragment(b, IP, offset / 8 | (more ? Ipv4.MORE_FRAGMENTS : 0));
        Ipv4.updateChecksum(b, IP);
        return frame;
    }

    private static byte[] bytes(int from, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private List<byte[]> cut(byte[] frame, int mtu) {
        List<byte[]> fragments = new ArrayList<>();
        UnsafeBuffer out = new UnsafeBuffer(new byte[IP + mtu]);
        fragmenter.cut(new UnsafeBuffer(frame), IP, mtu, out, IP, length -> {
            byte[] fragment = new byte[IP + length];
            out.getBytes(0, fragment);
            System.arraycopy(frame, 0, fragment, 0, IP);
            fragments.add(fragment);
        });
        return fragments;
    }

    private Result add(byte[] frame) {
        return add(0, frame, 0);
    }

    private Result add(int port, byte[] frame, long now) {
        byte[] buffer = new byte[VirtioNetHeader.LENGTH + frame.length];
        System.arraycopy(frame, 0, buffer, VirtioNetHeader.LENGTH, frame.length);
        UnsafeBuffer b = new UnsafeBuffer(buffer);
        Ipv4.updateChecksum(b, VirtioNetHeader.LENGTH + IP);
        Packet packet = new Packet();
        assertThat(packet.wrap(b, port, VirtioNetHeader.LENGTH, frame.length)).isNull();
        return reassembler.add(packet, now);
    }

    private static byte[] payload(Result result) {
        Result.Whole whole = (Result.Whole) result;
        int ip = whole.frame() + IP;
        int headerLength = Ipv4.headerLength(whole.buffer(), ip);
        assertThat(Checksum.fold(Checksum.sum(whole.buffer(), ip, headerLength))).isEqualTo(0xFFFF);
        assertThat(Ipv4.isFragment(whole.buffer(), ip)).isFalse();
        assertThat(Ipv4.totalLength(whole.buffer(), ip)).isEqualTo(whole.length() - IP);
        byte[] payload = new byte[whole.length() - IP - headerLength];
        whole.buffer().getBytes(ip + headerLength, payload);
        return payload;
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldPutTogetherWhatItCutInAnyOrderAndWithDuplicates(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            String description = "seed " + seed + ", round " + round;
            int headerLength = Ipv4.HEADER_LENGTH + 4 * (random.nextInt(4) == 0 ? random.nextInt(11) : 0);
            int mtu = 68 + random.nextInt(1433);
            int most = Math.min(0xFFFF - headerLength, 60 * ((mtu - headerLength) & ~7));
            byte[] payload = new byte[1 + random.nextInt(most)];
            random.nextBytes(payload);
            List<byte[]> fragments = cut(frame(headerLength, payload, random.nextInt(1 << 16), OTHER_PROTOCOL), mtu);
            for (byte[] fragment : fragments) {
                assertThat(fragment.length - IP).as(description).isLessThanOrEqualTo(mtu);
                assertThat(Checksum.fold(Checksum.sum(new UnsafeBuffer(fragment), IP, headerLength)))
                        .as(description).isEqualTo(0xFFFF);
            }
            Collections.shuffle(fragments, random);
            int held = 0;
            for (byte[] fragment : fragments.subList(0, fragments.size() - 1)) {
                for (int copies = random.nextInt(5) == 0 ? 2 : 1; copies > 0; copies--) {
                    assertThat(add(fragment)).as(description).isInstanceOf(Result.Held.class);
                    held++;
                }
            }
            Result result = add(fragments.getLast());
            assertThat(payload(result)).as(description).isEqualTo(payload);
            assertThat(((Result.Whole) result).waited()).as(description).isEqualTo(held);
            assertThat(reassembler.size()).as(description).isZero();
        }
    }

    @Test
    void shouldNumberEveryDatagramDifferentlyAndAllItsFragmentsAlike() {
        List<byte[]> one = cut(frame(20, new byte[3000], 7, 17), 1500);
        List<byte[]> two = cut(frame(20, new byte[3000], 7, 17), 1500);
        assertThat(one).hasSize(3);
        assertThat(one).extracting(f -> Ipv4.identification(new UnsafeBuffer(f), IP)).containsOnly(
                Ipv4.identification(new UnsafeBuffer(one.getFirst()), IP));
        assertThat(Ipv4.identification(new UnsafeBuffer(two.getFirst()), IP))
                .isNotEqualTo(Ipv4.identification(new UnsafeBuffer(one.getFirst()), IP));
    }

    /** RFC 791 3.1: record route is only in the first fragment, a security option in all. */
    @Test
    void shouldCopyOnlyTheOptionsThatBelongInEveryFragment() {
        byte[] options = {1, 7, 7, 4, 0, 0, 0, 0, (byte) 130, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0};
        byte[] frame = frame(40, new byte[200], 7, 17);
        System.arraycopy(options, 0, frame, IP + 20, options.length);
        List<byte[]> fragments = cut(frame, 120);
        assertThat(Arrays.copyOfRange(fragments.get(0), IP + 20, IP + 40)).isEqualTo(options);
        byte[] later = options.clone();
        Arrays.fill(later, 1, 8, (byte) 1);
        later[8] = options[8];
        assertThat(Arrays.copyOfRange(fragments.get(1), IP + 20, IP + 40)).isEqualTo(later);
    }

    @Test
    void shouldGiveUpADatagramWhoseFragmentsOverlap() {
        add(fragment(0, true, bytes(0, 64)));
        assertThat(add(fragment(56, true, bytes(1, 64)))).isEqualTo(new Result.Refused(1));
        assertThat(reassembler.size()).isZero();
    }

    @Test
    void shouldGiveUpADatagramThatHasTwoEnds() {
        add(fragment(64, false, bytes(64, 16)));
        assertThat(add(fragment(128, false, bytes(128, 16)))).isEqualTo(new Result.Refused(1));
        add(fragment(128, true, bytes(128, 16)));
        assertThat(add(fragment(64, false, bytes(64, 16)))).as("beyond the end").isEqualTo(new Result.Refused(1));
        add(fragment(64, false, bytes(64, 16)));
        assertThat(add(fragment(64, true, bytes(64, 16)))).as("an end that is none").isEqualTo(new Result.Refused(1));
    }

    @Test
    void shouldRefusePiecesThatAreEmptyOrEndInTheMiddleOfAUnit() {
        assertThat(add(fragment(8, true, bytes(0, 0)))).isEqualTo(new Result.Refused(0));
        assertThat(add(fragment(8, true, bytes(0, 20)))).isEqualTo(new Result.Refused(0));
        assertThat(reassembler.size()).isZero();
    }

    @Test
    void shouldRefuseADatagramLargerThanALengthCanSay() {
        assertThat(add(fragment(65_528, false, bytes(0, 8)))).isEqualTo(new Result.Refused(0));
        assertThat(add(fragment(65_496, false, bytes(0, 19)))).as("65,535 with an ordinary header")
                .isInstanceOf(Result.Held.class);
        byte[] first = frame(60, bytes(0, 64), 7, Ipv4.PROTOCOL_UDP);
        Ipv4.flagsAndFragment(new UnsafeBuffer(first), IP, Ipv4.MORE_FRAGMENTS);
        assertThat(add(first)).as("but this one has options").isEqualTo(new Result.Refused(1));
    }

    /** RFC 1858, RFC 3128. */
    @Test
    void shouldRefuseATcpHeaderThatIsCutInTheMiddle() {
        byte[] first = frame(20, bytes(0, 8), 7, Ipv4.PROTOCOL_TCP);
        Ipv4.flagsAndFragment(new UnsafeBuffer(first), IP, Ipv4.MORE_FRAGMENTS);
        add(first);
        byte[] second = frame(20, bytes(8, 24), 7, Ipv4.PROTOCOL_TCP);
        Ipv4.flagsAndFragment(new UnsafeBuffer(second), IP, 1);
        assertThat(add(second)).isEqualTo(new Result.Refused(1));
    }

    @Test
    void shouldNotMixWhatCameThroughDifferentPorts() {
        add(0, fragment(0, true, bytes(0, 64)), 0);
        assertThat(add(1, fragment(64, false, bytes(64, 8)), 0)).isEqualTo(new Result.Refused(1));
    }

    @Test
    void shouldGiveUpWhatIsNotWholeAfterHalfAMinute() {
        List<Integer> dropped = new ArrayList<>();
        add(0, fragment(0, true, bytes(0, 64)), 0);
        add(0, fragment(64, true, bytes(64, 64)), 20 * SECOND);
        reassembler.expire(30 * SECOND - 1, dropped::add);
        assertThat(dropped).isEmpty();
        reassembler.expire(30 * SECOND, dropped::add);
        assertThat(dropped).containsExactly(2);
        assertThat(reassembler.size()).isZero();
    }

    @Test
    void shouldBeBoundedHoweverManyDatagramsBegin() {
        int held = 0;
        for (int id = 0; id < 5_000; id++) {
            held += add(begin(id, 0x0A4D0002 + id % 50)) instanceof Result.Held ? 1 : 0;
        }
        assertThat(held).isEqualTo(reassembler.size()).isBetween(500, 1024);
        reassembler.expire(31 * SECOND, frames -> {});
        assertThat(add(fragment(0, true, bytes(0, 64)))).as("there is room again").isInstanceOf(Result.Held.class);
    }

    private static byte[] begin(int id, int source) {
        byte[] frame = fragment(0, true, bytes(0, 1400));
        UnsafeBuffer b = new UnsafeBuffer(frame);
        Ipv4.identification(b, IP, id);
        Ipv4.source(b, IP, source);
        Ipv4.updateChecksum(b, IP);
        return frame;
    }

    @Test
    void shouldLeaveRoomForOthersHoweverManyOneHostBegins() {
        for (int id = 0; id < 5_000; id++) {
            add(begin(id, 0x0A4D0002));
        }
        assertThat(reassembler.size()).isEqualTo(1024 / 8);
        assertThat(add(begin(1, 0x0A4D0003))).isInstanceOf(Result.Held.class);
        reassembler.expire(31 * SECOND, frames -> {});
        assertThat(add(begin(1, 0x0A4D0002))).as("there is room again").isInstanceOf(Result.Held.class);
    }

    @Test
    void shouldBeBoundedHoweverSmallThePiecesAre() {
        Result result = new Result.Held();
        int pieces = 0;
        for (; result instanceof Result.Held && pieces < 1000; pieces++) {
            result = add(fragment(8 * pieces, true, bytes(0, 8)));
        }
        assertThat(result).isEqualTo(new Result.Refused(pieces - 1));
        assertThat(pieces).isLessThan(1000);
    }
}
