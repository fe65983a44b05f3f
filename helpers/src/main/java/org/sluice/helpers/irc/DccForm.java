package org.sluice.helpers.irc;

/** How a DCC offer writes an address; a blank and the port follow. */
enum DccForm {
    /** IPv4 as one number. */
    DECIMAL,
    /** Dotted decimals or IPv6. */
    LITERAL
}
