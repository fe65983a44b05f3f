package org.sluice.perf.gen.connection;

/** What a server counts. */
enum ConnectionCounter {
    /** Handshakes that have come to their end. */
    ESTABLISHED,
    /** Connections that both ends have closed. */
    CLOSED
}
