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

    /**
     * Of every function, so that the JVM makes the code of a call once: a shape takes a hundredth of a second of a start, and there were
     * nineteen. Linux's calling conventions pass up to six of these in registers. A function reads of them what it declares, and the low half
     * where that is an int; what one of int returns is the low half as well.
     */
    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SOCKET = find("socket");
    private static final MethodHandle BIND = find("bind");
    private static final MethodHandle SETSOCKOPT = find("setsockopt");
    private static final MethodHandle GETSOCKOPT = find("getsockopt");
    private static final MethodHandle MMAP = find("mmap");
    private static final MethodHandle MUNMAP = find("munmap");
    private static final MethodHandle CLOSE = find("close");
    private static final MethodHandle SENDTO = find("sendto");
    private static final MethodHandle RECVFROM = find("recvfrom");
    private static final MethodHandle READ = find("read");
    private static final MethodHandle WRITE = find("write");
    private static final MethodHandle SETNS = find("setns");
    private static final MethodHandle EPOLL_CREATE = find("epoll_create1");
    private static final MethodHandle EPOLL_CONTROL = find("epoll_ctl");
    private static final MethodHandle TIMERFD_CREATE = find("timerfd_create");
    private static final MethodHandle TIMERFD_SETTIME = find("timerfd_settime");
    private static final MethodHandle MADVISE = find("madvise");
    private static final MethodHandle IOCTL = findVariadic("ioctl");
    private static final MethodHandle OPEN = findVariadic("open");
    private static final MethodHandle FCNTL = findVariadic("fcntl");
    private static final MethodHandle SYSCALL = findVariadic("syscall");

    private static final MethodHandle CLOCK_GETTIME = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("clock_gettime"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG),
            Linker.Option.critical(false));

    private final MemorySegment callState = Arena.ofAuto().allocate(CALL_STATE);

    private static MethodHandle find(String name) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), SHAPE,
                Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle findVariadic(String name) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), SHAPE,
                Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(1));
    }

    private long call(MethodHandle function, long first, long second, long third) {
        return call(function, first, second, third, 0, 0, 0);
    }

    /** Small, so that the compiler always puts it into its caller and sees which function it is. */
    private long call(MethodHandle function, long first, long second, long third, long fourth, long fifth,
            long sixth) {
        try {
            return (long) function.invokeExact(callState, first, second, third, fourth, fifth, sixth);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    int socket(int domain, int type, int protocol) {
        return check("socket", call(SOCKET, domain, type, protocol));
    }

    void bind(String what, int descriptor, MemorySegment address) {
        check(what, call(BIND, descriptor, address.address(), address.byteSize()));
    }

    void setOption(String what, int descriptor, int level, int option, MemorySegment value) {
        check(what, call(SETSOCKOPT, descriptor, level, option, value.address(), value.byteSize(), 0));
    }

    void setOption(String what, int descriptor, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            setOption(what, descriptor, level, option, arena.allocateFrom(JAVA_INT, value));
        }
    }

    /** @param length segment of an int: room in, bytes written out. */
    void option(String what, int descriptor, int level, int option, MemorySegment value, MemorySegment length) {
        length.set(JAVA_INT, 0, (int) value.byteSize());
        check(what, call(GETSOCKOPT, descriptor, level, option, value.address(), length.address(), 0));
    }

    /** @return address of a shared, populated mapping of {@code length} bytes of the descriptor's memory. */
    long map(int descriptor, long length) {
        return map(descriptor, length, 0);
    }

    /** The same, from an offset on. */
    long map(int descriptor, long length, long offset) {
        long address = call(MMAP, 0, length, PROT_READ_WRITE, MAP_SHARED_POPULATE, descriptor, offset);
        if (address == MAP_FAILED) {
            throw new LinuxException("mmap", errno());
        }
        return address;
    }

    /** @return address of zeroed private memory that costs nothing until it is touched. */
    long mapAnonymous(long length) {
        long address = call(MMAP, 0, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
        if (address == MAP_FAILED) {
            throw new LinuxException("mmap of " + length + " bytes", errno());
        }
        return address;
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
        check("munmap", call(MUNMAP, address, length, 0));
    }

    void close(int descriptor) {
        check("close", call(CLOSE, descriptor, 0, 0));
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
        long sent = call(SENDTO, descriptor, address, length, MSG_DONTWAIT, 0, 0);
        return sent < 0 ? -errno() : (int) sent;
    }

    /** recvfrom without data, without waiting: has an AF_XDP socket's driver look at its fill ring. */
    void peek(int descriptor) {
        call(RECVFROM, descriptor, 0, 0, MSG_DONTWAIT, 0, 0);
    }

    /** @return descriptor of a file opened to read. */
    int open(String path) {
        return open(path, O_RDONLY);
    }

    /** @param flags of open(2) */
    int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return check("open of " + path, call(OPEN, arena.allocateFrom(path).address(), flags, 0));
        }
    }

    /** @return bytes read, or errno negated */
    int read(int descriptor, long address, long length) {
        long result = call(READ, descriptor, address, length);
        return result < 0 ? -errno() : (int) result;
    }

    /** @return another descriptor of the same thing. */
    int duplicate(int descriptor) {
        return check("fcntl F_DUPFD_CLOEXEC", call(FCNTL, descriptor, F_DUPFD_CLOEXEC, 0));
    }

    /** @return bytes written, or errno negated */
    int write(int descriptor, long address, long length) {
        long result = call(WRITE, descriptor, address, length);
        return result < 0 ? -errno() : (int) result;
    }

    /** Moves the calling thread into a network namespace. @param descriptor of the namespace's file */
    void enterNetworkNamespace(String what, int descriptor) {
        check(what, call(SETNS, descriptor, CLONE_NEWNET, 0));
    }

    /** @return 0 or errno. */
    int ioctl(int descriptor, long request, MemorySegment argument) {
        int result = (int) call(IOCTL, descriptor, request, argument.address());
        return result < 0 ? errno() : 0;
    }

    /** bpf(2), which the C library has no function of its own for. @return what the command answers */
    int bpf(String what, int command, MemorySegment attribute) {
        return check(what, call(SYSCALL, BPF_NUMBER, command, attribute.address(), attribute.byteSize(), 0, 0));
    }

    int epollCreate() {
        return check("epoll_create1", call(EPOLL_CREATE, EPOLL_CLOEXEC, 0, 0));
    }

    int timerCreate(int clock, int flags) {
        return check("timerfd_create", call(TIMERFD_CREATE, clock, flags, 0));
    }

    /** @param time address of the itimerspec that says when */
    void timerSet(int descriptor, long time) {
        check("timerfd_settime", call(TIMERFD_SETTIME, descriptor, 0, time, 0, 0, 0));
    }

    void epollControl(int descriptor, int operation, int other, int events) {
        try (Arena arena = Arena.ofConfined()) {
            // 12 bytes on x86, 16 elsewhere; the events are in front in both
            MemorySegment event = arena.allocate(16, 8);
            event.set(JAVA_INT, 0, events);
            check("epoll_ctl", call(EPOLL_CONTROL, descriptor, operation, other, event.address(), 0, 0));
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
        call(MADVISE, address, length, advice);
    }

    private int check(String call, long result) {
        if ((int) result < 0) {
            throw new LinuxException(call, errno());
        }
        return (int) result;
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
