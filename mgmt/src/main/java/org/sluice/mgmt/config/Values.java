package org.sluice.mgmt.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.PolicySettings.PortRange;

/** Reads single values; a wrong one is noted with what would be right, and null or 0 comes back. */
final class Values {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([km]?)");
    private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern PREFIX_LENGTH = Pattern.compile("^[^/]+/\\d{1,3}$");
    private static final int MAX_PORT = 65535;
    private static final Map<String, Integer> PROTOCOLS = new TreeMap<>(
            Map.of("icmp", 1, "tcp", 6, "udp", 17, "gre", 47, "esp", 50, "icmpv6", 58, "sctp", 132));

    private Values() {}

    static InetAddress address(Node node) {
        return address(node, node.text());
    }

    /** The same of a part of what the node says. */
    static InetAddress address(Node node, String text) {
        try {
            return literal(text);
        } catch (IllegalArgumentException e) {
            node.error("\"" + text + "\" is not an IP address; write for example 198.51.100.254");
            return null;
        }
    }

    /**
     * An address as people write it. The JDK alone would also read 10.1 as 10.0.0.1, and take an IPv6 scope.
     *
     * @throws IllegalArgumentException when it is none
     */
    static InetAddress literal(String text) {
        if (!DOTTED.matcher(text).matches() && (text.indexOf(':') < 0 || text.indexOf('%') >= 0)) {
            throw new IllegalArgumentException(text);
        }
        return InetAddress.ofLiteral(text);
    }

    static boolean isAddress(String text) {
        try {
            literal(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A prefix without host bits. @param example that is right here */
    static IpPrefix network(Node node, String example) {
        IpPrefix prefix = prefix(node, example);
        IpPrefix network = prefix == null ? null : Prefixes.network(prefix);
        if (network != null && !network.equals(prefix)) {
            node.error("\"" + node.text() + "\" is an address within a network; write " + network
                    + " for all of it, or " + prefix.address().getHostAddress() + "/"
                    + prefix.address().getAddress().length * Byte.SIZE + " for this one");
            return null;
        }
        return network;
    }

    /** @param example that is right here */
    static IpPrefix prefix(Node node, String example) {
        String text = node.text();
        try {
            if (PREFIX_LENGTH.matcher(text).find()) {
                literal(text.substring(0, text.indexOf('/')));
                return IpPrefix.parse(text);
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        node.error("\"" + text + "\" is not an address with prefix length; write for example " + example);
        return null;
    }

    static Duration duration(Node node) {
        Matcher m = DURATION.matcher(node.text());
        if (!m.matches() || Long.parseLong(m.group(1)) == 0) {
            node.error("\"" + node.text() + "\" is not a time; write for example 30s, 5m, 2h or 5d");
            return null;
        }
        long number = Long.parseLong(m.group(1));
        return switch (m.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    static boolean isTrue(Node node) {
        if (!node.text().equals("true") && !node.text().equals("false")) {
            node.error("\"" + node.text() + "\" is neither true nor false");
        }
        return node.text().equals("true");
    }

    /** @return a count such as 64k (thousands) or 1m (millions), or 0. */
    static int count(Node node, int min, int max) {
        Matcher m = SIZE.matcher(node.text().toLowerCase(Locale.ROOT));
        if (m.matches()) {
            long value = Long.parseLong(m.group(1))
                    * (m.group(2).equals("k") ? 1_000 : m.group(2).equals("m") ? 1_000_000 : 1);
            if (value >= min && value <= max) {
                return (int) value;
            }
        }
        node.error(
                "\"" + node.text() + "\" is not a number from " + min + " to " + max
                        + (max < 1_000_000 ? "" : "; 64k and 1m are understood"));
        return 0;
    }

    /** @return a port from 1, or 0 with an error noted. */
    static int port(Node node) {
        PortRange range = ports(node);
        if (range != null && range.first() != range.last()) {
            node.error("a single port is expected here");
            return 0;
        }
        return range == null ? 0 : range.first();
    }

    static PortRange ports(Node node) {
        PortRange range = ports(node.text());
        if (range == null) {
            node.error("\"" + node.text() + "\" is not a port or a range; write for example 21 or 6000-6010");
        }
        return range;
    }

    /** @return null when it is none. */
    static PortRange ports(String text) {
        int dash = text.indexOf('-');
        int first = number(dash < 0 ? text : text.substring(0, dash).strip());
        int last = dash < 0 ? first : number(text.substring(dash + 1).strip());
        return first < 1 || last < first ? null : new PortRange(first, last);
    }

    private static int number(String text) {
        if (!text.matches("\\d{1,5}")) {
            return -1;
        }
        int value = Integer.parseInt(text);
        return value > MAX_PORT ? -1 : value;
    }

    /** @return an IP protocol number, or -1. */
    static int protocol(Node node) {
        String text = node.text().toLowerCase(Locale.ROOT);
        Integer known = PROTOCOLS.get(text);
        if (known != null) {
            return known;
        }
        if (text.matches("\\d{1,3}") && Integer.parseInt(text) <= 255) {
            return Integer.parseInt(text);
        }
        node.error("\"" + node.text() + "\" is not a protocol; known are " + String.join(", ", PROTOCOLS.keySet())
                + " and numbers from 0 to 255");
        return -1;
    }

    /** @return the constant of that name in lower case, or null. */
    static <E extends Enum<E>> E constant(Node node, Class<E> type) {
        Map<String, E> known = new TreeMap<>();
        for (E e : type.getEnumConstants()) {
            known.put(e.name().toLowerCase(Locale.ROOT), e);
        }
        E found = known.get(node.text());
        if (found == null) {
            node.error("\"" + node.text() + "\" is not known here; known are " + String.join(", ", known.keySet()));
        }
        return found;
    }
}
