package org.sluice.slowpath.conductor;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT6;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER6;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.Seeds;
import org.sluice.slowpath.settings.InterfaceSettings;

/** How large the segments are that two hosts agree on through the gateway. */
class MssClampTest {
    private static final String MSS_1460 = "020405b4";
    private static final int PORT = 80;
    private static final int FTP = 21;
    private GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    /** @return options of the SYN after the gateway, in hexadecimal digits; the checksum is right. */
    private String syn(String source, String destination, int port, String options) {
        gateway.fromInside(
                withOptions(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, source, 5000, destination, port, Tcp.SYN, 7,
                        0, " ".repeat(options.length() / 2)), options));
        return options();
    }

    private String options() {
        byte[] sent = gateway.out.getFirst();
        assertThat(Frames.isSealed(sent)).as("checksum").isTrue();
        return optionsOf(sent);
    }

    private static String optionsOf(byte[] frame) {
        UnsafeBuffer b = new UnsafeBuffer(frame);
        int l4 = Frames.l4(b);
        return HexFormat.of().formatHex(frame, l4 + Tcp.HEADER_LENGTH, l4 + Tcp.headerLength(b, l4));
    }

    private static byte[] withOptions(byte[] frame, String options) {
        UnsafeBuffer b = new UnsafeBuffer(frame);
        int l4 = Frames.l4(b);
        Tcp.headerLength(b, l4, Tcp.HEADER_LENGTH + options.length() / 2);
        b.putBytes(l4 + Tcp.HEADER_LENGTH, HexFormat.of().parseHex(options));
        return Frames.sealed(frame);
    }

    @ParameterizedTest
    @CsvSource({"1300, 04ec", "1280, 04d8", "576, 0218", "1499, 05b3", "1500, 05b4", "9000, 05b4"})
    void shouldLowerItToWhatTheLinkTakesAndNeverRaiseIt(int mtu, String expected) {
        gateway.outside.mtu(mtu);
        assertThat(syn(CLIENT, SERVER, PORT, MSS_1460)).isEqualTo("0204" + expected);
    }

    @ParameterizedTest
    @CsvSource({"1300, 04d8", "1280, 04c4", "1500, 05a0"})
    void shouldLeaveRoomForTheLargerHeaderOfIpv6(int mtu, String expected) {
        gateway.outside.mtu(mtu);
        assertThat(syn(CLIENT6, SERVER6, PORT, MSS_1460)).isEqualTo("0204" + expected);
    }

    @Test
    void shouldHeedTheLinkItCameByToo() {
        gateway.inside.mtu(1300);
        assertThat(syn(CLIENT, SERVER, PORT, MSS_1460)).isEqualTo("020404ec");
    }

    @Test
    void shouldLowerTheAnswer() {
        gateway.outside.mtu(1300);
        syn(CLIENT, SERVER, PORT, MSS_1460);
        gateway.fromOutside(withOptions(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, PORT, OUTSIDE, 5000,
                Tcp.SYN | Tcp.ACK, 9, 8, " ".repeat(4)), MSS_1460));
        assertThat(options()).isEqualTo("020404ec");
    }

    @Test
    void shouldLowerThatOfAConnectionWithAHelper() {
        gateway.outside.mtu(1300);
        assertThat(syn(CLIENT, SERVER, FTP, MSS_1460)).isEqualTo("020404ec");
    }

    /** The value may begin at an odd offset, and stand behind any other option. */
    @ParameterizedTest
    @CsvSource({"01020405b4010101, 01020404ec010101", "0101020405b40402, 0101020404ec0402",
            "010303070204ffff01010101, 01030307020404ec01010101", "0303070204aabb00, 030307020404ec00",
            "0204fff001010101, 020404ec01010101"})
    void shouldFindItAnywhere(String options, String expected) {
        gateway.outside.mtu(1300);
        assertThat(syn(CLIENT, SERVER, PORT, options)).isEqualTo(expected);
    }

    /** None, one behind the end of the list, false lengths, one cut by the end of the header. */
    @ParameterizedTest
    @ValueSource(strings = {"", "01010101", "00000000020405b4", "020305b4", "020505b401010101", "0300020405b40101",
            "03ff020405b40101", "03010204ffff0101", "0101010101020405", "01010101010102ff", "0101010101010102"})
    void shouldLeaveAloneWhatItDoesNotUnderstand(String options) {
        gateway.outside.mtu(1300);
        assertThat(syn(CLIENT, SERVER, PORT, options)).isEqualTo(options);
    }

    @Test
    void shouldTouchNoSegmentButSyn() {
        gateway.outside.mtu(1300);
        syn(CLIENT, SERVER, PORT, MSS_1460);
        gateway.fromInside(
                withOptions(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, PORT, Tcp.ACK, 8, 10,
                        " ".repeat(4)), MSS_1460));
        assertThat(options()).isEqualTo(MSS_1460);
    }

    @Test
    void shouldLeaveItAloneWhereItIsSwitchedOff() {
        gateway = new GatewayFixture((InterfaceSettings i) -> new InterfaceSettings(i.name(), i.device(), i.driver(),
                i.addresses(), i.zone(), i.mtu(), i.sourceValidation(), i.refusesBogons(), i.name().equals("inside"),
                null));
        gateway.outside.mtu(1300);
        assertThat(syn(CLIENT, SERVER, PORT, MSS_1460)).as("the outside link does not count").isEqualTo(MSS_1460);
        gateway.inside.mtu(1400);
        assertThat(syn(CLIENT6, SERVER6, PORT, MSS_1460)).as("the inside link does").isEqualTo("0204053c");
    }

    static LongStream seeds() {
        return Seeds.some();
    }

    /** Whatever stands where options do: the checksum stays right, and nothing but a size that was too large is changed. */
    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepAnySynWhole(long seed) {
        gateway.outside.mtu(1300);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] before = new byte[4 * random.nextInt(11)];
            for (int at = 0; at < before.length; at++) {
                before[at] = (byte) (random.nextBoolean() ? random.nextInt(6) : random.nextInt(256));
            }
            String options = HexFormat.of().formatHex(before);
            byte[] after = HexFormat.of().parseHex(syn(CLIENT, SERVER, PORT, options));
            int first = Arrays.mismatch(before, after);
            if (first >= 0) {
                assertThat(isLowered(before, after, first) || isLowered(before, after, first - 1))
                        .as("seed %d: %s", seed, options).isTrue();
            }
        }
    }

    private static boolean isLowered(byte[] before, byte[] after, int at) {
        byte[] expected = before.clone();
        if (at < 2 || before[at - 2] != 2 || before[at - 1] != 4) {
            return false;
        }
        int size = new UnsafeBuffer(before).getShort(at, BIG_ENDIAN) & 0xFFFF;
        new UnsafeBuffer(expected).putShort(at, (short) 1260, BIG_ENDIAN);
        return size > 1260 && Arrays.equals(expected, after);
    }
}
