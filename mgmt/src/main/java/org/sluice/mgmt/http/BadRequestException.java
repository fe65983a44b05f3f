package org.sluice.mgmt.http;

/** The client asked for something that makes no sense; the message says what would. */
final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message);
    }
}
