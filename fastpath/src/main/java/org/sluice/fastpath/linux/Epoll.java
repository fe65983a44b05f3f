package org.sluice.fastpath.linux;

import org.agrona.collections.IntArrayList;

/**
 * A set of descriptors that is one descriptor itself, readable when one of them is (epoll(7)): who waits for it need not know that those
 * in it change. Belongs to one thread at a time.
 */
public final class Epoll implements AutoCloseable {
    private static final int CTL_ADD = 1;
    private static final int CTL_DELETE = 2;
    private static final int IN = 1;

    private final Libc libc = new Libc();
    private final int descriptor = libc.epollCreate();
    private final IntArrayList members = new IntArrayList();
    private boolean isListening = true;

    /** @throws LinuxException when there are too many descriptors */
    public Epoll() {}

    /** Adds one. */
    public void add(int other) {
        members.addInt(other);
        if (isListening) {
            libc.epollControl(descriptor, CTL_ADD, other, IN);
        }
    }

    /** Forgets all; to be called before they are closed, because their numbers may then come again. */
    public void clear() {
        listen(false);
        members.clear();
        isListening = true;
    }

    /**
     * Whether it is readable when one of them is, as at first. While it is not, what makes one of them readable costs the kernel less. A
     * system call for each when it changes.
     */
    public void listen(boolean value) {
        if (value == isListening) {
            return;
        }
        isListening = value;
        for (int i = 0; i < members.size(); i++) {
            libc.epollControl(descriptor, value ? CTL_ADD : CTL_DELETE, members.getInt(i), IN);
        }
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
