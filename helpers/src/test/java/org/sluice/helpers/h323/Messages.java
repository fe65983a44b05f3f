package org.sluice.helpers.h323;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sluice.helpers.spi.Endpoint;

/** The messages of {@code messages.txt}, with addresses filled in. Text is ISO 8859-1, so that every byte is one character. */
final class Messages {
    private static final Map<String, byte[]> ALL = load();

    private Messages() {}

    private static Map<String, byte[]> load() {
        try (InputStream in = Messages.class.getResourceAsStream("messages.txt")) {
            return new String(in.readAllBytes(), US_ASCII).lines().filter(l -> !l.startsWith("#"))
                    .map(l -> l.split(" "))
                    .collect(
                            Collectors.toMap(l -> l[0], l -> HexFormat.of().parseHex(l[1]), (a, b) -> a, TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Iterable<String> names() {
        return ALL.keySet();
    }

    static byte[] bytes(String name) {
        return ALL.get(name).clone();
    }

    /** @param endpoints address:port or [address]:port that take the places 1, 2 and so on; null leaves what is there */
    static String message(String name, String... endpoints) {
        String text = new String(ALL.get(name), ISO_8859_1);
        for (int i = 0; i < endpoints.length; i++) {
            if (endpoints[i] != null) {
                boolean isIpv6 = endpoints[i].startsWith("[");
                String place = bytes(
                        endpoint((isIpv6 ? "[fd00::" : "240.0.0.") + (i + 1) + (isIpv6 ? "]:" : ":") + (0xF001 + i)));
                text = text.replace(place, bytes(endpoint(endpoints[i])));
            }
        }
        return text;
    }

    static Endpoint endpoint(String text) {
        int colon = text.lastIndexOf(':');
        return new Endpoint(InetAddress.ofLiteral(text.substring(0, colon).replaceAll("[\\[\\]]", "")),
                Integer.parseInt(text.substring(colon + 1)));
    }

    private static String bytes(Endpoint e) {
        return new String(e.address().getAddress(), ISO_8859_1) + (char) (e.port() >> 8) + (char) (e.port() & 0xFF);
    }
}
