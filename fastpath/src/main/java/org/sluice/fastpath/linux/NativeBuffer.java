package org.sluice.fastpath.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory outside the heap, for the fast path. An {@link UnsafeBuffer} may be of an array too; for the compiler each access may then
 * change any object, so that it reads every field again after it, those of the buffer itself included. Here it is told that an access is
 * to an address and nothing else, which makes a forwarded packet some tenth cheaper.
 *
 * <p>The accessors that the fast path uses are those below; the others are those of {@link UnsafeBuffer} and do the same, more slowly. Offsets
 * are in bytes, integers in the machine's byte order where none is named. Threads: as {@link UnsafeBuffer}.
 */
@SuppressWarnings("ReferenceEquality") // there are two byte orders
public final class NativeBuffer extends UnsafeBuffer {
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

    /** Set by {@link #wrap(long, int)}, which the constructor of the class above calls; so it must have no initializer. */
    private long address;

    /** @param address that stays valid as long as the buffer is used. @param length in bytes */
    public NativeBuffer(long address, int length) {
        super(address, length);
    }

    /** @param buffer a direct one, which lives as long as this one. @throws IllegalArgumentException if it is on the heap */
    public NativeBuffer(ByteBuffer buffer) {
        super(buffer);
    }

    @Override
    public void wrap(long newAddress, int length) {
        super.wrap(newAddress, length);
        address = newAddress;
    }

    @Override
    public void wrap(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("not outside the heap: " + buffer);
        }
        super.wrap(buffer);
        address = addressOffset();
    }

    @Override
    public void wrap(ByteBuffer buffer, int offset, int length) {
        throw notOutside();
    }

    @Override
    public void wrap(byte[] array) {
        throw notOutside();
    }

    @Override
    public void wrap(byte[] array, int offset, int length) {
        throw notOutside();
    }

    @Override
    public void wrap(DirectBuffer buffer) {
        throw notOutside();
    }

    @Override
    public void wrap(DirectBuffer buffer, int offset, int length) {
        throw notOutside();
    }

    private static UnsupportedOperationException notOutside() {
        return new UnsupportedOperationException("only an address or a direct buffer");
    }

    /** @param bytes there. @return address of that offset */
    private long at(int index, int bytes) {
        if (SHOULD_BOUNDS_CHECK) {
            boundsCheck(index, bytes);
        }
        return address + index;
    }

    @Override
    public byte getByte(int index) {
        return UnsafeApi.getByte(null, at(index, Byte.BYTES));
    }

    @Override
    public void putByte(int index, byte value) {
        UnsafeApi.putByte(null, at(index, Byte.BYTES), value);
    }

    @Override
    public byte getByteVolatile(int index) {
        return UnsafeApi.getByteVolatile(null, at(index, Byte.BYTES));
    }

    @Override
    public void putByteVolatile(int index, byte value) {
        UnsafeApi.putByteVolatile(null, at(index, Byte.BYTES), value);
    }

    @Override
    public short getShort(int index) {
        return UnsafeApi.getShort(null, at(index, Short.BYTES));
    }

    @Override
    public void putShort(int index, short value) {
        UnsafeApi.putShort(null, at(index, Short.BYTES), value);
    }

    @Override
    public short getShort(int index, ByteOrder order) {
        short bits = UnsafeApi.getShort(null, at(index, Short.BYTES));
        return order == NATIVE ? bits : Short.reverseBytes(bits);
    }

    @Override
    public void putShort(int index, short value, ByteOrder order) {
        UnsafeApi.putShort(null, at(index, Short.BYTES), order == NATIVE ? value : Short.reverseBytes(value));
    }

    @Override
    public short getShortVolatile(int index) {
        return UnsafeApi.getShortVolatile(null, at(index, Short.BYTES));
    }

    @Override
    public void putShortVolatile(int index, short value) {
        UnsafeApi.putShortVolatile(null, at(index, Short.BYTES), value);
    }

    @Override
    public int getInt(int index) {
        return UnsafeApi.getInt(null, at(index, Integer.BYTES));
    }

    @Override
    public void putInt(int index, int value) {
        UnsafeApi.putInt(null, at(index, Integer.BYTES), value);
    }

    @Override
    public int getInt(int index, ByteOrder order) {
        int bits = UnsafeApi.getInt(null, at(index, Integer.BYTES));
        return order == NATIVE ? bits : Integer.reverseBytes(bits);
    }

    @Override
    public void putInt(int index, int value, ByteOrder order) {
        UnsafeApi.putInt(null, at(index, Integer.BYTES), order == NATIVE ? value : Integer.reverseBytes(value));
    }

    @Override
    public int getIntVolatile(int index) {
        return UnsafeApi.getIntVolatile(null, at(index, Integer.BYTES));
    }

    @Override
    public void putIntVolatile(int index, int value) {
        UnsafeApi.putIntVolatile(null, at(index, Integer.BYTES), value);
    }

    @Override
    public int getIntAcquire(int index) {
        return UnsafeApi.getIntAcquire(null, at(index, Integer.BYTES));
    }

    @Override
    public void putIntRelease(int index, int value) {
        UnsafeApi.putIntRelease(null, at(index, Integer.BYTES), value);
    }

    @Override
    public long getLong(int index) {
        return UnsafeApi.getLong(null, at(index, Long.BYTES));
    }

    @Override
    public void putLong(int index, long value) {
        UnsafeApi.putLong(null, at(index, Long.BYTES), value);
    }

    @Override
    public long getLong(int index, ByteOrder order) {
        long bits = UnsafeApi.getLong(null, at(index, Long.BYTES));
        return order == NATIVE ? bits : Long.reverseBytes(bits);
    }

    @Override
    public void putLong(int index, long value, ByteOrder order) {
        UnsafeApi.putLong(null, at(index, Long.BYTES), order == NATIVE ? value : Long.reverseBytes(value));
    }

    @Override
    public long getLongVolatile(int index) {
        return UnsafeApi.getLongVolatile(null, at(index, Long.BYTES));
    }

    @Override
    public void putLongVolatile(int index, long value) {
        UnsafeApi.putLongVolatile(null, at(index, Long.BYTES), value);
    }

    @Override
    public long getLongAcquire(int index) {
        return UnsafeApi.getLongAcquire(null, at(index, Long.BYTES));
    }

    @Override
    public void putLongRelease(int index, long value) {
        UnsafeApi.putLongRelease(null, at(index, Long.BYTES), value);
    }
}
