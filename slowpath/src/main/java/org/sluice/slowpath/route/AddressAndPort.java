package org.sluice.slowpath.route;

/** How an address and a port are written together. */
public final class AddressAndPort {
    private AddressAndPort() {}

    /** @return such as 192.0.2.1:80 or [2001:db8::1]:80. */
    public static String text(IpAddress address, int port) {
        return text(address.toString(), port);
    }

    /** @return such as 192.0.2.1:80 or [2001:db8::1]:80 (RFC 5952 section 6). @param address as text, or a name */
    public static String text(String address, int port) {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }
}
