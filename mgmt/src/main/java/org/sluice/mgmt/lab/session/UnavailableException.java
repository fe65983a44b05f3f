package org.sluice.mgmt.lab.session;

/** A session can't be played on this machine; the message names the program that is missing. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message names what is missing */
    public UnavailableException(String message) {
        super(message);
    }
}
