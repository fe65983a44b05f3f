package org.sluice.mgmt.config;

import org.sluice.slowpath.settings.GatewaySettings;

/**
 * A whole configuration that has been found right.
 *
 * @param gateway what packets are treated by
 * @param management where people and programs look in
 * @param workers fast-path threads
 * @param state folder of the journal, or {@code none}
 * @param log how much is logged, and how
 */
public record Config(GatewaySettings gateway, Management management, int workers, String state, Log log) {

    /** Instead of the journal's folder: there is to be none. */
    public static final String NO_STATE = "none";

    /**
     * The HTTP server.
     *
     * @param host address to listen on
     * @param port 0 for any free one
     * @param token that clients must show; empty on the loopback
     * @param tls null for plain HTTP
     */
    public record Management(String host, int port, String token, Tls tls) {
        /** Over plain HTTP. */
        public Management(String host, int port, String token) {
            this(host, port, token, null);
        }
    }

    /**
     * What HTTPS needs, as files in PEM.
     *
     * @param certificate the server's own, and behind it those that lead to one that clients trust
     * @param key of the certificate, PKCS #8 without a password
     */
    public record Tls(String certificate, String key) {}

    /**
     * The log.
     *
     * @param level trace, debug, info, warn or error
     * @param json one JSON object a line, instead of text
     */
    public record Log(String level, boolean json) {}
}
