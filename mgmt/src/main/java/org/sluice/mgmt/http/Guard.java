package org.sluice.mgmt.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

/**
 * Who may ask. With a token: who shows it (RFC 6750). Without one the server is on the loopback, and the Host header must say so
 * by number or as localhost: a web page whose name was rebound to 127.0.0.1 must not reach it through a browser.
 */
final class Guard {
    private static final Set<String> OPEN = Set.of("/", "/healthz", "/readyz");
    private final byte[] token;
    private final String scheme;

    /** @param token empty for none. @param scheme http or https, by which browsers reach the server */
    Guard(String token, String scheme) {
        this.scheme = scheme;
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** @return null when the request may pass */
    Answer refuse(String path, HttpHeaders headers) {
        if (token.length > 0) {
            return OPEN.contains(path) || path.startsWith(Dashboard.PATH) || showsToken(headers)
                    ? null
                    : Answer.problem(401, "send the token of the configuration: Authorization: Bearer TOKEN")
                            .with("WWW-Authenticate", "Bearer realm=\"sluice\"");
        }
        return isLocal(headers.get(HttpHeaderNames.HOST))
                ? null
                : Answer.problem(403, "the Host header must be an address or localhost; management.token lifts this");
    }

    /**
     * A page from elsewhere that somebody looks at must not change the gateway through their browser, which says where the page
     * came from (Fetch Standard, the Origin header).
     *
     * @return null when the request may pass
     */
    Answer refuseForeign(String method, HttpHeaders headers) {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        boolean changes = !method.equals("GET") && !method.equals("HEAD");
        return origin == null || !changes || origin.equals(scheme + "://" + headers.get(HttpHeaderNames.HOST))
                ? null
                : Answer.problem(403, "a page from " + origin + " may not change the gateway");
    }

    private boolean showsToken(HttpHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
        String scheme = "Bearer ";
        return authorization.regionMatches(true, 0, scheme, 0, scheme.length()) && MessageDigest.isEqual(token,
                authorization.substring(scheme.length()).strip().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isLocal(String host) {
        if (host == null) {
            return true;
        }
        String name = host.replaceFirst(":\\d*$", "");
        if (name.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            InetAddress.ofLiteral(
                    name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
