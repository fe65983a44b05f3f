package org.sluice.fastpath.linux;

/** A system call failed. The message names the call, the error and what to do. */
public final class LinuxException extends RuntimeException {
    private final int number;

    /**
     * @param call with what it was about, such as "bind to eth0"
     * @param number the value of errno
     */
    public LinuxException(String call, int number) {
        super(describe(call, number));
        this.number = number;
    }

    private static String describe(String call, int number) {
        Errno errno = Errno.of(number);
        String name = errno == Errno.UNKNOWN ? "errno " + number : errno.name();
        return call + ": " + name + " (" + errno.text() + "): " + errno.remedy();
    }

    /** @return the error, {@link Errno#UNKNOWN} when it has no constant. */
    public Errno errno() {
        return Errno.of(number);
    }
}
