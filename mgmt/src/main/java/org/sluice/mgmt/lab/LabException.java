package org.sluice.mgmt.lab;

/** The lab can't go on; the message says why and what would help. */
public final class LabException extends RuntimeException {

    /** @param message for the person who runs the lab */
    public LabException(String message) {
        super(message);
    }

    /**
     * @param message for the person who runs the lab
     * @param cause what happened
     */
    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
