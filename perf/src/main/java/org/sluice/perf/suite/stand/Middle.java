package org.sluice.perf.suite.stand;

import java.util.List;

/** A rival that forwards. */
public interface Middle extends AutoCloseable {

    /** @return processes that it consists of; none when it is a part of the kernel. */
    default List<ProcessHandle> processes() {
        return List.of();
    }

    /** Ends all connections that it has tracked. */
    default void flush() {
        throw new UnsupportedOperationException("has no connections to end");
    }

    /** @return connections that it tracks. */
    default long tracked() {
        throw new UnsupportedOperationException("has no connections to count");
    }

    /** @return connections of TCP that it has in the state ESTABLISHED. */
    default long established() {
        throw new UnsupportedOperationException("has no connections to count");
    }

    @Override
    default void close() {}
}
