package org.sluice.helpers.spi;

/** Who may make an expected connection. */
public enum Peer {
    /** Only the host at the other end of the control connection; for protocols between two hosts, such as FTP. */
    OTHER_SIDE,
    /** Any host; for protocols in which a server introduces third parties, such as IRC. */
    ANYONE
}
