package org.sluice.helpers.icq;

/** How a part of an endpoint stands in a message. */
enum IcqForm {
    /** IPv4, four bytes. */
    ADDRESS,
    /** The same with each bit turned over. */
    INVERTED_ADDRESS,
    /** Two bytes. */
    PORT,
    /** The same with each bit turned over. */
    INVERTED_PORT,
    /** A port in four bytes. */
    LONG_PORT;

    /** The length of what holds a text that gets another length, two bytes. */
    record Length(int value) {}

    /** Address and port as text, with its length before it in two bytes. @param withPort whether the port was written */
    record Text(boolean withPort) {}
}
