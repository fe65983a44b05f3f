package org.sluice.fastpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OffHeapTest {
    private static final int HUGE_PAGE = 2 << 20;
    private static final int LARGE = 3 * HUGE_PAGE;
    private static final int TIMES = 1_000;

    private final Libc libc = new Libc();

    /** Or else a part of it could not be on one. */
    @Test
    void shouldBeginAtAHugePageWhenItIsLarge() {
        for (int i = 0; i < 4; i++) {
            assertThat(OffHeap.allocate(HUGE_PAGE + 1).addressOffset() % HUGE_PAGE).isZero();
        }
    }

    @Test
    void shouldBeZeroAndWritableToItsEnd() {
        NativeBuffer buffer = OffHeap.allocate(LARGE - 1);
        assertThat(buffer.capacity()).isEqualTo(LARGE - 1);
        assertThat(buffer.getByte(LARGE - 2)).isZero();
        buffer.putByte(LARGE - 2, (byte) 1);
        assertThat(buffer.getByte(LARGE - 2)).isEqualTo((byte) 1);
    }

    /** A port whose device comes again and again takes it each time. */
    @Test
    void shouldLeaveNothingBehindWhenItIsGivenBack() throws IOException {
        long before = addressSpace();
        for (int i = 0; i < TIMES; i++) {
            libc.unmap(OffHeap.map(libc, LARGE), LARGE);
        }
        // the JVM takes some for itself meanwhile
        assertThat(addressSpace() - before).isLessThan(TIMES / 2 * (long) HUGE_PAGE);
    }

    /** @return bytes that the process has mapped. */
    private static long addressSpace() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmSize:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElseThrow();
        }
    }
}
