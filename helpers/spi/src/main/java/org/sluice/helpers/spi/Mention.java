package org.sluice.helpers.spi;

/**
 * A place in the bytes just shown where one side wrote an endpoint down, and the notation it used.
 *
 * @param offset first byte, counted from the start of the bytes shown by the current call of the session
 * @param length in bytes; these are replaced by what the NAT half writes
 * @param form the notation, known to the two halves of the helper only
 * @param endpoint what was written, already checked by the helper
 */
public record Mention(int offset, int length, Object form, Endpoint endpoint) {}
