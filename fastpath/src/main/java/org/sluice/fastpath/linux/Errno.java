package org.sluice.fastpath.linux;

/** The error numbers of Linux that packet sockets and device calls give, with what a person can do about them. */
public enum Errno {
    EPERM(1, "operation not permitted", "run as root or with CAP_NET_RAW and CAP_NET_ADMIN"),
    EINTR(4, "interrupted",
            "try again"),
    ENXIO(6, "no such device or address", "the device was removed"),
    EAGAIN(11,
            "resource temporarily unavailable", "try again"),
    ENOMEM(12, "out of memory",
            "give the rings fewer slots, or the machine more memory"),
    EACCES(13, "permission denied",
            "run as root or with CAP_NET_RAW and CAP_NET_ADMIN"),
    EBUSY(16, "busy",
            "another process uses it"),
    ENODEV(19, "no such device",
            "see `ip link` for the devices there are"),
    EINVAL(22,
            "invalid argument",
            "the kernel may be too old; Linux 5.10 or newer is needed"),
    EMSGSIZE(
            90, "message too long",
            "lower the MTU"),
    ENOPROTOOPT(92,
            "option not available",
            "the kernel may be too old; Linux 5.10 or newer is needed"),
    EAFNOSUPPORT(
            97, "address family not supported",
            "the kernel needs CONFIG_PACKET (module af_packet)"),
    ENETDOWN(
            100, "network is down",
            "bring the device up: ip link set dev NAME up"),
    ENOBUFS(
            105,
            "no buffer space",
            "try again"),
    UNKNOWN(
            -1, "error",
            "see errno(3)");

    private static final Errno[] VALUES = values();

    private final int number;
    private final String text;
    private final String remedy;

    Errno(int number, String text, String remedy) {
        this.number = number;
        this.text = text;
        this.remedy = remedy;
    }

    /** @return what the C library calls it, 1 and up; -1 for {@link #UNKNOWN}. */
    public int number() {
        return number;
    }

    /** @return a few words for a person. */
    public String text() {
        return text;
    }

    /** @return what to do. */
    public String remedy() {
        return remedy;
    }

    /** @return the constant, {@link #UNKNOWN} when there is none. */
    public static Errno of(int number) {
        for (Errno errno : VALUES) {
            if (errno.number == number) {
                return errno;
            }
        }
        return UNKNOWN;
    }
}
