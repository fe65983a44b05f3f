package org.sluice.mgmt.lab.session;

/** A session came to another end than the right one; the message says in a few words what was seen. */
public final class MissedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what was seen instead */
    public MissedException(String message) {
        super(message);
    }
}
