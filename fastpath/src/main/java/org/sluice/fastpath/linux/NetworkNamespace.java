package org.sluice.fastpath.linux;

/** Moves a thread into a network namespace. */
public final class NetworkNamespace {
    private NetworkNamespace() {}

    /**
     * Moves the calling thread for good; sockets that it makes from now on belong to the namespace, whoever uses them later.
     *
     * @param file of the namespace, such as /run/netns/NAME
     * @throws LinuxException when there is no such namespace, or the process lacks CAP_SYS_ADMIN
     */
    public static void enter(String file) {
        Libc libc = new Libc();
        int descriptor = libc.open(file);
        try {
            libc.enterNetworkNamespace("setns to " + file, descriptor);
        } finally {
            libc.close(descriptor);
        }
    }
}
