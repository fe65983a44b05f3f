package org.sluice.fastpath.counter;

import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.sluice.fastpath.linux.NativeBuffer;

/**
 * One long for each constant of an enum, off heap. One thread writes, any thread reads; a reader sees each counter whole and
 * never going back.
 *
 * @param <E> names the counters
 */
public final class CounterSet<E extends Enum<E>> {
    private static final int CACHE_LINE = 64;
    private final E[] names;
    private final NativeBuffer values;

    public CounterSet(Class<E> type) {
        names = type.getEnumConstants();
        values = new NativeBuffer(BufferUtil.allocateDirectAligned(names.length * Long.BYTES + CACHE_LINE, CACHE_LINE)
                .order(ByteOrder.nativeOrder()));
    }

    /** Owner's thread only. */
    public void increment(E name) {
        add(name, 1);
    }

    /** Owner's thread only. A release store: on x86 it costs what a plain store costs. */
    public void add(E name, long amount) {
        int index = name.ordinal() * Long.BYTES;
        values.putLongRelease(index, values.getLong(index) + amount);
    }

    /** Any thread. */
    public long get(E name) {
        return values.getLongVolatile(name.ordinal() * Long.BYTES);
    }

    /** @return the sum over all names. Any thread. */
    public long sum() {
        long sum = 0;
        for (E name : names) {
            sum += get(name);
        }
        return sum;
    }

    /** @return the names, in order. */
    public E[] names() {
        return names.clone();
    }
}
