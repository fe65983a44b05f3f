package org.sluice.fastpath.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of both formats and both byte orders, and damaged ones. */
class CaptureReaderTest {
    private static final byte[] FRAME = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0, 0x45};
    private static final long TIME = 1_795_637_700_123_456_789L;

    @TempDir
    private Path directory;

    private static ByteBuffer buffer(boolean isBig) {
        return ByteBuffer.allocate(4_096).order(isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(ByteBuffer b) {
        byte[] bytes = new byte[b.position()];
        b.get(0, bytes);
        return bytes;
    }

    private static byte[] pcap(boolean isBig, boolean isNano, int linkType) {
        ByteBuffer b = buffer(isBig).putInt(isNano ? 0xA1B2_3C4D : 0xA1B2_C3D4).putShort((short) 2).putShort((short) 4)
                .putInt(0).putInt(0).putInt(65_535).putInt(linkType);
        for (int original = FRAME.length; original <= FRAME.length + 1; original++) {
            b.putInt((int) (TIME / 1_000_000_000)).putInt((int) (TIME % 1_000_000_000 / (isNano ? 1 : 1_000)))
                    .putInt(FRAME.length).putInt(original).put(FRAME);
        }
        return bytes(b);
    }

    private static byte[] pcapng(boolean isBig, int unit, long time, int linkType) {
        ByteBuffer b = buffer(isBig);
        b.putInt(0x0A0D_0D0A).putInt(28).putInt(0x1A2B_3C4D).putShort((short) 1).putShort((short) 0).putLong(-1)
                .putInt(28);
        b.putInt(1).putInt(32).putShort((short) linkType).putShort((short) 0).putInt(0);
        b.putShort((short) 9).putShort((short) 1).put((byte) unit).put(new byte[3]).putInt(0).putInt(32);
        b.putInt(5).putInt(16).putInt(0).putInt(16);
        b.putInt(6).putInt(48).putInt(0).putInt((int) (time >>> 32)).putInt((int) time).putInt(FRAME.length)
                .putInt(FRAME.length + 1).put(FRAME).put((byte) 0).putInt(48);
        b.putInt(3).putInt(32).putInt(FRAME.length).put(FRAME).put((byte) 0).putInt(32);
        return bytes(b);
    }

    private CaptureReader open(byte[] file) throws IOException {
        return CaptureReader.open(Files.write(directory.resolve("capture"), file));
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void shouldReadPcap(boolean isBig, boolean isNano) throws IOException {
        CaptureReader reader = open(pcap(isBig, isNano, 1));
        assertThat(reader.next()).isTrue();
        assertThat(reader.frame()).isEqualTo(FRAME);
        assertThat(reader.timestamp()).isEqualTo(isNano ? TIME : TIME / 1_000 * 1_000);
        assertThat(reader.isCut()).isFalse();
        assertThat(reader.next()).isTrue();
        assertThat(reader.isCut()).isTrue();
        assertThat(reader.originalLength()).isEqualTo(FRAME.length + 1);
        assertThat(reader.next()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true,9,1795637700123456789,1795637700123456789", "false,9,1795637700123456789,1795637700123456789",
            "false,6,1795637700123456,1795637700123456000", "true,3,1795637700123,1795637700123000000",
            "true,10,12345678901234567,1234567890123456", "false,0,1795637700,1795637700000000000",
            "false,129,3591275401,1795637700500000000"})
    void shouldReadPcapng(boolean isBig, int unit, long time, long nanos) throws IOException {
        CaptureReader reader = open(pcapng(isBig, unit, time, 1));
        for (boolean isCut : new boolean[]{true, false}) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.frame()).isEqualTo(FRAME);
            assertThat(reader.timestamp()).isEqualTo(nanos);
            assertThat(reader.isCut()).isEqualTo(isCut);
        }
        assertThat(reader.next()).isFalse();
    }

    @Test
    void shouldRefuseOtherLinksAndOtherFiles() throws IOException {
        assertThatThrownBy(() -> open(pcap(false, true, 113))).isInstanceOf(IOException.class)
                .hasMessageContaining("link type 113; only Ethernet (1)");
        CaptureReader reader = open(pcapng(false, 9, TIME, 113));
        assertThatThrownBy(reader::next).isInstanceOf(IOException.class).hasMessageContaining("link type 113");
        assertThatThrownBy(() -> open("GET / HTTP/1.0".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(IOException.class).hasMessageContaining("neither a pcap nor a pcapng file");
        assertThatThrownBy(() -> open(new byte[3])).isInstanceOf(IOException.class)
                .hasMessageContaining("not a capture");
    }

    @Test
    void shouldSayThatThereIsNoFile() {
        assertThatThrownBy(() -> CaptureReader.open(directory.resolve("none"))).isInstanceOf(IOException.class)
                .hasMessageStartingWith("there is no file ");
    }

    /** Whatever is in the file: frames, the end or an IOException, and nothing else. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldSurviveDamage(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] whole = seed % 2 == 0 ? pcap(seed % 4 == 0, true, 1) : pcapng(seed % 3 == 0, 9, TIME, 1);
        int complaints = 0;
        for (int i = 0; i < 400; i++) {
            byte[] file = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
            for (int n = random.nextInt(4); n > 0; n--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt();
            }
            try {
                CaptureReader reader = open(file);
                for (int frames = 0; reader.next(); frames++) {
                    assertThat(frames).as("seed %d, file %d", seed, i).isLessThan(100);
                    assertThat(reader.frame()).hasSizeLessThanOrEqualTo(file.length);
                }
            } catch (IOException e) {
                complaints++;
                assertThat(e).hasMessageContaining("capture");
            }
        }
        assertThat(complaints).isPositive();
    }
}
