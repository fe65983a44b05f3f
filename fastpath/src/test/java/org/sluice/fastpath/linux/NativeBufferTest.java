package org.sluice.fastpath.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class NativeBufferTest {
    private static final int SIZE = 64;
    private static final int AT = 24;
    private static final List<ByteOrder> ORDERS = List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);

    private final Random random = new Random(7);
    private final NativeBuffer buffer = new NativeBuffer(ByteBuffer.allocateDirect(SIZE));
    private final UnsafeBuffer other = new UnsafeBuffer(new byte[SIZE]);

    /** Both show the same memory: what an ordinary buffer writes, this one reads, and the other way round. */
    private void shouldAgree(Consumer<UnsafeBuffer> write, Function<UnsafeBuffer, ? extends Number> read) {
        byte[] before = new byte[SIZE];
        random.nextBytes(before);
        buffer.putBytes(0, before);
        other.putBytes(0, before);
        assertThat(read.apply(buffer)).isEqualTo(read.apply(other));
        write.accept(buffer);
        write.accept(other);
        byte[] after = new byte[SIZE];
        buffer.getBytes(0, after);
        assertThat(after).isEqualTo(other.byteArray());
    }

    @Test
    void shouldReadAndWriteAsAnyBuffer() {
        for (int i = 0; i < 100; i++) {
            long value = random.nextLong();
            shouldAgree(b -> b.putByte(AT, (byte) value), b -> b.getByte(AT));
            shouldAgree(b -> b.putByteVolatile(AT, (byte) value), b -> b.getByteVolatile(AT));
            shouldAgree(b -> b.putShort(AT, (short) value), b -> b.getShort(AT));
            shouldAgree(b -> b.putShortVolatile(AT, (short) value), b -> b.getShortVolatile(AT));
            shouldAgree(b -> b.putInt(AT, (int) value), b -> b.getInt(AT));
            shouldAgree(b -> b.putIntVolatile(AT, (int) value), b -> b.getIntVolatile(AT));
            shouldAgree(b -> b.putIntRelease(AT, (int) value), b -> b.getIntAcquire(AT));
            shouldAgree(b -> b.putLong(AT, value), b -> b.getLong(AT));
            shouldAgree(b -> b.putLongVolatile(AT, value), b -> b.getLongVolatile(AT));
            shouldAgree(b -> b.putLongRelease(AT, value), b -> b.getLongAcquire(AT));
            for (ByteOrder order : ORDERS) {
                shouldAgree(b -> b.putShort(AT, (short) value, order), b -> b.getShort(AT, order));
                shouldAgree(b -> b.putInt(AT, (int) value, order), b -> b.getInt(AT, order));
                shouldAgree(b -> b.putLong(AT, value, order), b -> b.getLong(AT, order));
            }
        }
    }

    @Test
    void shouldStayWithinItsBounds() {
        List<Consumer<MutableDirectBuffer>> beyond = List.of(b -> b.getByte(-1), b -> b.getByte(SIZE),
                b -> b.getShort(SIZE - 1), b -> b.getInt(SIZE - 3), b -> b.getLong(SIZE - 7, ByteOrder.BIG_ENDIAN),
                b -> b.putInt(SIZE - 3, 1, ByteOrder.BIG_ENDIAN), b -> b.putLong(-1, 1));
        assertThat(beyond).allSatisfy(
                access -> assertThatThrownBy(() -> access.accept(buffer))
                        .isInstanceOf(IndexOutOfBoundsException.class));
    }

    @Test
    void shouldGoToAnotherAddress() {
        ByteBuffer elsewhere = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder());
        NativeBuffer moving = new NativeBuffer(0, 0);
        moving.wrap(new UnsafeBuffer(elsewhere).addressOffset(), SIZE);
        moving.putLong(8, 0x0102_0304_0506_0708L);
        assertThat(elsewhere.getLong(8)).isEqualTo(0x0102_0304_0506_0708L);
    }

    @Test
    void shouldRefuseWhatIsOnTheHeap() {
        assertThatThrownBy(() -> new NativeBuffer(ByteBuffer.allocate(SIZE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> buffer.wrap(new byte[SIZE])).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> buffer.wrap(new byte[SIZE], 0, 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> buffer.wrap(other)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> buffer.wrap(other, 0, 1)).isInstanceOf(UnsupportedOperationException.class);
    }
}
