package org.sluice.perf.gen.load;

/**
 * One side of flows: every address with every port.
 *
 * @param addresses of either family
 * @param ports of ICMP: identifiers on the source's side, nothing on the other
 */
public record Endpoints(AddressRange addresses, PortRange ports) {

    /**
     * @param text {@code ADDRESSES[:PORTS]}; those of IPv6 in brackets when ports follow, as in {@code [2001:db8::1]:53}
     * @param ports that are meant when none are named
     * @throws IllegalArgumentException that says what is wrong
     */
    public static Endpoints parse(String text, PortRange ports) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            boolean hasPorts = end > 0 && text.startsWith(":", end + 1);
            if (end < 0 || !hasPorts && end + 1 < text.length()) {
                throw new IllegalArgumentException("\"" + text + "\" is not of the form [ADDRESSES]:PORTS");
            }
            return new Endpoints(AddressRange.parse(text.substring(1, end)),
                    hasPorts ? PortRange.parse(text.substring(end + 2)) : ports);
        }
        int colon = text.indexOf(':');
        if (colon < 0 || colon != text.lastIndexOf(':')) {
            return new Endpoints(AddressRange.parse(text), ports);
        }
        return new Endpoints(AddressRange.parse(text.substring(0, colon)), PortRange.parse(text.substring(colon + 1)));
    }
}
