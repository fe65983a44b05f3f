package org.sluice.mgmt.cli;

/** The running gateway could not be asked, or refused; the message is for the user. */
class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientException(String message) {
        super(message);
    }
}
