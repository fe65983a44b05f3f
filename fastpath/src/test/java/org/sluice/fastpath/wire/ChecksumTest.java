package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The checksum against its definition, byte by byte. */
class ChecksumTest {
    private static final int[] CORNERS = {0, 1, 0x00FF, 0x7FFF, 0x8000, 0xFF00, 0xFFFE, 0xFFFF};

    /** RFC 1071 section 1, literally. */
    private static int sumByDefinition(byte[] data, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            int value = data[offset + i] & 0xFF;
            sum += i % 2 == 0 ? value << 8 : value;
            if (sum > 0xFFFF) {
                sum -= 0xFFFF;
            }
        }
        return sum;
    }

    private static int word(Random random) {
        return random.nextInt(3) == 0 ? CORNERS[random.nextInt(CORNERS.length)] : random.nextInt(1 << 16);
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldSumAnyLengthAtAnyOffset(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] data = new byte[100];
            random.nextBytes(data);
            int offset = random.nextInt(9);
            int length = random.nextInt(data.length - offset + 1);
            assertThat(Checksum.fold(Checksum.sum(new UnsafeBuffer(data), offset, length)))
                    .as("seed %d, offset %d, length %d", seed, offset, length)
                    .isEqualTo(sumByDefinition(data, offset, length));
        }
    }

    @Test
    void shouldSumTheLargestPacketOfAllOnes() {
        byte[] data = new byte[0xFFFF];
        Arrays.fill(data, (byte) 0xFF);
        assertThat(Checksum.fold(Checksum.sum(new UnsafeBuffer(data), 0, data.length)))
                .isEqualTo(sumByDefinition(data, 0, data.length));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "0xFFFF, 0xFFFF", "0x10000, 1", "0x1FFFE, 0xFFFF", "0xFFFFFFFF, 0xFFFF",
            "0x100000000, 1", "0x7FFFFFFFFFFFFFFF, 0x7FFF"})
    void shouldFoldAllCarries(String sum, String folded) {
        assertThat(Checksum.fold(Long.decode(sum))).isEqualTo(Integer.decode(folded));
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldFoldAnySum(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            long sum = random.nextLong() >>> 1 + random.nextInt(62);
            // one's complement is arithmetic modulo 0xFFFF, whose 0 is all ones unless nothing was added
            long folded = sum == 0 || sum % 0xFFFF != 0 ? sum % 0xFFFF : 0xFFFF;
            assertThat(Checksum.fold(sum)).as("seed %d, %x", seed, sum).isEqualTo((int) folded);
        }
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldTakeAHopAndLeaveTheHeaderRight(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            UnsafeBuffer b = new UnsafeBuffer(new byte[Ipv4.HEADER_LENGTH]);
            for (int at = 2; at < Ipv4.HEADER_LENGTH; at += 2) {
                b.putShort(at, (short) word(random), BIG_ENDIAN);
            }
            Ipv4.versionAndHeaderLength(b, 0, Ipv4.HEADER_LENGTH);
            int ttl = 1 + random.nextInt(255);
            int protocol = random.nextInt(256);
            Ipv4.ttl(b, 0, ttl);
            Ipv4.protocol(b, 0, protocol);
            Ipv4.updateChecksum(b, 0);

            long before = Checksum.sum(b, 12, 8);
            Ipv4.addresses(b, 0, random.nextLong());
            Ipv4.takeHop(b, 0, Checksum.delta(before, Checksum.sum(b, 12, 8)));

            assertThat(Ipv4.isChecksumRight(b, 0, Ipv4.HEADER_LENGTH)).as("seed %d, round %d", seed, i).isTrue();
            assertThat(Ipv4.ttl(b, 0)).isEqualTo(ttl - 1);
            assertThat(Ipv4.protocol(b, 0)).isEqualTo(protocol);
        }
    }

    /** The example of RFC 1624 section 4, which RFC 1141's equation gets wrong. */
    @Test
    void shouldMakeAZeroOfTheChecksumInTheExampleOfRfc1624() {
        assertThat(Checksum.apply(0xDD2F, Checksum.delta(0x5555, 0x3285))).isZero();
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldChangeByDifferenceToWhatSummingAnewGives(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            byte[] data = new byte[20];
            UnsafeBuffer b = new UnsafeBuffer(data);
            for (int at = 0; at < data.length; at += 2) {
                b.putShort(at, (short) word(random), BIG_ENDIAN);
            }
            // a header's sum is never 0: some of its words are always there
            b.putShort(0, (short) 0x4500, BIG_ENDIAN);
            int field = ~sumByDefinition(data, 0, data.length) & 0xFFFF;

            int first = 2 + 2 * random.nextInt(4);
            int words = 1 + random.nextInt(5);
            long before = Checksum.sum(b, first, 2 * words);
            for (int w = 0; w < words; w++) {
                b.putShort(first + 2 * w, (short) word(random), BIG_ENDIAN);
            }
            int delta = Checksum.delta(before, Checksum.sum(b, first, 2 * words));

            assertThat(Checksum.apply(field, delta)).as("seed %d, round %d", seed, i)
                    .isEqualTo(~sumByDefinition(data, 0, data.length) & 0xFFFF);
        }
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldAddSeveralChangesUpToOne(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            int field = random.nextInt(0xFFFF);
            int a = word(random);
            int b = word(random);
            int c = word(random);
            int twice = Checksum.apply(Checksum.apply(field, Checksum.delta(a, b)), Checksum.delta(b, c));
            assertThat(twice).as("seed %d: %04x, %x > %x > %x", seed, field, a, b, c)
                    .isEqualTo(Checksum.apply(field, Checksum.delta(a, c)));
            assertThat(Checksum.apply(field, Checksum.delta(a, b) + Checksum.delta(b, c))).as("seed %d, at once", seed)
                    .isEqualTo(twice);
            assertThat(Checksum.apply(twice, Checksum.delta(c, a))).as("seed %d, there and back", seed)
                    .isEqualTo(field);
        }
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldTellWhatATransportChecksumOughtToBeWhateverIsInTheField(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            boolean v6 = random.nextBoolean();
            Transport transport = Transport.values()[random.nextInt(v6 ? 3 : 2)];
            int l4 = v6 ? Ipv6.HEADER_LENGTH : Ipv4.HEADER_LENGTH;
            int l4Length = 20 + random.nextInt(40);
            int field = l4 + transport.field;
            byte[] packet = new byte[l4 + l4Length];
            random.nextBytes(packet);
            packet[0] = (byte) (v6 ? 0x60 : 0x45);
            UnsafeBuffer b = new UnsafeBuffer(packet);
            b.putShort(field, (short) word(random), BIG_ENDIAN);
            int answer = Checksum.transport(b, 0, l4, l4Length, transport.protocol);

            // RFC 9293 3.1 and RFC 8200 8.1 differ in their order of words only, but for the addresses
            int addresses = v6 ? 32 : 8;
            byte[] pseudo = new byte[addresses + 4 + l4Length];
            UnsafeBuffer p = new UnsafeBuffer(pseudo);
            p.putBytes(0, packet, v6 ? 8 : 12, addresses);
            p.putByte(addresses + 1, (byte) transport.protocol);
            p.putShort(addresses + 2, (short) l4Length, BIG_ENDIAN);
            p.putBytes(addresses + 4, packet, l4, l4Length);
            p.putShort(addresses + 4 + transport.field, (short) 0, BIG_ENDIAN);
            assertThat(answer).as("seed %d, round %d", seed, i)
                    .isEqualTo(~sumByDefinition(pseudo, 0, pseudo.length) & 0xFFFF);
        }
    }

    /** Where its checksum stands. */
    private enum Transport {
        TCP(Ipv4.PROTOCOL_TCP, Tcp.CHECKSUM),
        UDP(Ipv4.PROTOCOL_UDP, Udp.CHECKSUM),
        ICMPV6(Ipv6.PROTOCOL_ICMP,
                Icmp.CHECKSUM);

        private final int protocol;
        private final int field;

        Transport(int protocol, int field) {
            this.protocol = protocol;
            this.field = field;
        }
    }
}
