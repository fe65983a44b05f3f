package org.sluice.fastpath.linux;

/**
 * A set of descriptors that is one descriptor itself, readable when one of them is (epoll(7)): who waits for it need not know that those
 * in it change. Belongs to one thread at a time.
 */
public final class Epoll implements AutoCloseable {
    private static final int CTL_ADD = 1;
    private static final int IN = 1;

    private final Libc libc = new Libc();
    private final int descriptor = libc.epollCreate();

    /** @throws LinuxException when there are too many descriptors */
    public Epoll() {}

    /** Adds one; it leaves when it is closed. */
    public void add(int other) {
        libc.epollControl(descriptor, CTL_ADD, other, IN);
    }

    /** @return its own, always the same. */
    public int descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        libc.close(descriptor);
    }
}
