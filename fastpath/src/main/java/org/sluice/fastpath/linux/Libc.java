package org.sluice.fastpath.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's calls, each as one method. An instance keeps the place where errno is caught, so that no call allocates;
 * one instance serves one thread at a time. Pointers are plain addresses.
 */
final class Libc {
    private static final int MSG_DONTWAIT = 0x40;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
    private static final int CLOCK_REALTIME = 0;
    private static final int O_RDONLY = 0;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final long MAP_FAILED = -1;
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int MADV_HUGEPAGE = 14;
    private static final int MADV_POPULATE_WRITE = 23;
    /** Of the system call: x86-64 has a numbering of its own, the newer architectures have one together. */
    private static final long BPF_NUMBER = System.getProperty("os.arch").equals("amd64") ? 321 : 280;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = find("socket",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND = find("bind",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SETSOCKOPT = find("setsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETSOCKOPT = find("getsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MMAP = find("mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = find("munmap",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle CLOSE = find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SENDTO = find("sendto",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECVFROM = find("recvfrom",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle IOCTL = find("ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(2));

    private static final MethodHandle OPEN = find("open",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FCNTL = find("fcntl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle READ = find("read",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle WRITE = find("write",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SETNS = find("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private static final MethodHandle BPF = find("syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle EPOLL_CREATE = find("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle EPOLL_CONTROL = find("epoll_ctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle TIMERFD_CREATE = find("timerfd_create",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle TIMERFD_SETTIME = find("timerfd_settime",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MADVISE = find("madvise",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private static final MethodHandle CLOCK_GETTIME = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("clock_gettime"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG),
            Linker.Option.critical(false));

    private final MemorySegment callState = Arena.ofAuto().allocate(CALL_STATE);

    private static MethodHandle find(String name, FunctionDescriptor descriptor, Linker.Option... more) {
        Linker.Option[] options = new Linker.Option[more.length + 1];
        options[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(more, 0, options, 1, more.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    int socket(int domain, int type, int protocol) {
        try {
            return check("socket", (int) SOCKET.invokeExact(callState, domain, type, protocol));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void bind(String what, int descriptor, MemorySegment address) {
        try {
            check(what, (int) BIND.invokeExact(callState, descriptor, address.address(), (int) address.byteSize()));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void setOption(String what, int descriptor, int level, int option, MemorySegment value) {
        try {
            check(what, (int) SETSOCKOPT.invokeExact(callState, descriptor, level, option, value.address(),
                    (int) value.byteSize()));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void setOption(String what, int descriptor, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            setOption(what, descriptor, level, option, arena.allocateFrom(JAVA_INT, value));
        }
    }

    /** @param length segment of an int: room in, bytes written out. */
    void option(String what, int descriptor, int level, int option, MemorySegment value, MemorySegment length) {
        try {
            length.set(JAVA_INT, 0, (int) value.byteSize());
            check(what, (int) GETSOCKOPT.invokeExact(callState, descriptor, level, option, value.address(),
                    length.address()));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** @return address of a shared, populated mapping of {@code length} bytes of the descriptor's memory. */
    long map(int descriptor, long length) {
        return map(descriptor, length, 0);
    }

    /** The same, from an offset on. */
    long map(int descriptor, long length, long offset) {
        try {
            long address = (long) MMAP.invokeExact(callState, 0L, length, PROT_READ_WRITE, MAP_SHARED_POPULATE,
                    descriptor, offset);
            if (address == MAP_FAILED) {
                throw new LinuxException("mmap", errno());
            }
            return address;
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** @return address of zeroed private memory that costs nothing until it is touched. */
    long mapAnonymous(long length) {
        try {
            long address = (long) MMAP.invokeExact(callState, 0L, length, PROT_READ_WRITE,
                    MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
            if (address == MAP_FAILED) {
                throw new LinuxException("mmap of " + length + " bytes", errno());
            }
            return address;
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** Reads CLOCK_REALTIME, which on x86 and ARM needs no system call. @param timespec address of 16 bytes */
    void realTime(long timespec) {
        try {
            check("clock_gettime", (int) CLOCK_GETTIME.invokeExact(CLOCK_REALTIME, timespec));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void unmap(long address, long length) {
        try {
            check("munmap", (int) MUNMAP.invokeExact(callState, address, length));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void close(int descriptor) {
        try {
            check("close", (int) CLOSE.invokeExact(callState, descriptor));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /**
     * sendto without data, without waiting: has a packet socket look at its transmit ring.
     *
     * @return bytes sent, or errno negated
     */
    int kick(int descriptor) {
        return send(descriptor, 0, 0);
    }

    /**
     * send, without waiting.
     *
     * @param address of the bytes to send
     * @return bytes sent, or errno negated
     */
    int send(int descriptor, long address, int length) {
        try {
            long sent = (long) SENDTO.invokeExact(callState, descriptor, address, (long) length, MSG_DONTWAIT, 0L, 0);
            return sent < 0 ? -errno() : (int) sent;
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** recvfrom without data, without waiting: has an AF_XDP socket's driver look at its fill ring. */
    void peek(int descriptor) {
        try {
            long _ = (long) RECVFROM.invokeExact(callState, descriptor, 0L, 0L, MSG_DONTWAIT, 0L, 0L);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** @return descriptor of a file opened to read. */
    int open(String path) {
        return open(path, O_RDONLY);
    }

    /** @param flags of open(2) */
    int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return check("open of " + path,
                    (int) OPEN.invokeExact(callState, arena.allocateFrom(path).address(), flags));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** @return bytes read, or errno negated */
    int read(int descriptor, long address, long length) {
        try {
            long result = (long) READ.invokeExact(callState, descriptor, address, length);
            return result < 0 ? -errno() : (int) result;
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** @return another descriptor of the same thing. */
    int duplicate(int descriptor) {
        try {
            return check("fcntl F_DUPFD_CLOEXEC", (int) FCNTL.invokeExact(callState, descriptor, F_DUPFD_CLOEXEC, 0));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** @return bytes written, or errno negated */
    int write(int descriptor, long address, long length) {
        try {
            long result = (long) WRITE.invokeExact(callState, descriptor, address, length);
            return result < 0 ? -errno() : (int) result;
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** Moves the calling thread into a network namespace. @param descriptor of the namespace's file */
    void enterNetworkNamespace(String what, int descriptor) {
        try {
            check(what, (int) SETNS.invokeExact(callState, descriptor, CLONE_NEWNET));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** @return 0 or errno. */
    int ioctl(int descriptor, long request, MemorySegment argument) {
        try {
            int result = (int) IOCTL.invokeExact(callState, descriptor, request, argument.address());
            return result < 0 ? errno() : 0;
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** bpf(2), which the C library has no function of its own for. @return what the command answers */
    int bpf(String what, int command, MemorySegment attribute) {
        try {
            return check(what, Math.toIntExact((long) BPF.invokeExact(callState, BPF_NUMBER, (long) command,
                    attribute.address(), attribute.byteSize())));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    int epollCreate() {
        try {
            return check("epoll_create1", (int) EPOLL_CREATE.invokeExact(callState, EPOLL_CLOEXEC));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    int timerCreate(int clock, int flags) {
        try {
            return check("timerfd_create", (int) TIMERFD_CREATE.invokeExact(callState, clock, flags));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** @param time address of the itimerspec that says when */
    void timerSet(int descriptor, long time) {
        try {
            check("timerfd_settime", (int) TIMERFD_SETTIME.invokeExact(callState, descriptor, 0, time, 0L));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void epollControl(int descriptor, int operation, int other, int events) {
        try (Arena arena = Arena.ofConfined()) {
            // 12 bytes on x86, 16 elsewhere; the events are in front in both
            MemorySegment event = arena.allocate(16, 8);
            event.set(JAVA_INT, 0, events);
            check("epoll_ctl",
                    (int) EPOLL_CONTROL.invokeExact(callState, descriptor, operation, other, event.address()));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** Asks for huge pages where the kernel has some to give. An older kernel that knows no such thing does no harm. */
    void adviseHugePages(long address, long length) {
        advise(address, length, MADV_HUGEPAGE);
    }

    /** Takes the pages as if each were written to, and leaves what is in them. Before Linux 5.14 nothing happens. */
    void populate(long address, long length) {
        advise(address, length, MADV_POPULATE_WRITE);
    }

    private void advise(long address, long length, int advice) {
        try {
            int _ = (int) MADVISE.invokeExact(callState, address, length, advice);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    private int check(String call, int result) {
        if (result < 0) {
            throw new LinuxException(call, errno());
        }
        return result;
    }

    private int errno() {
        return (int) ERRNO.get(callState, 0L);
    }

    /** What is declared by MethodHandle, but never thrown by a C function. */
    private static RuntimeException unchecked(Throwable t) {
        if (t instanceof RuntimeException e) {
            return e;
        }
        if (t instanceof Error e) {
            throw e;
        }
        return new IllegalStateException(t);
    }
}
