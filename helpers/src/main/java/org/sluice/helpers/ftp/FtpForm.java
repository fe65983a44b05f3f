package org.sluice.helpers.ftp;

/**
 * How FTP writes an endpoint down.
 */
sealed interface FtpForm {

    /** Six numbers with commas: PORT and 227 (RFC 959 section 4.1.2). */
    record Numbers() implements FtpForm {}

    /**
     * Protocol, address and port between delimiters: EPRT (RFC 2428 section 2).
     *
     * @param delimiter as the client chose it
     */
    record Extended(char delimiter) implements FtpForm {}

    /** The port alone: 229 (RFC 2428 section 3); the mention is the port's digits. */
    record PortOnly() implements FtpForm {}
}
