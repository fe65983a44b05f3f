package org.sluice.helpers.irc;

/** How a DCC message writes an endpoint. */
enum DccForm {
    /** IPv4 as one number, a blank, and the port. */
    DECIMAL,
    /** Dotted decimals or IPv6, a blank, and the port. */
    LITERAL,
    /** The port alone. */
    PORT
}
