package org.sluice.mgmt.e2e;

/** How a data connection is made (RFC 959, RFC 2428). */
enum FtpMode {
    PORT, EPRT, PASV, EPSV;

    boolean isActive() {
        return this == PORT || this == EPRT;
    }
}
