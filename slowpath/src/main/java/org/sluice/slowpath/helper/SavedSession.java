package org.sluice.slowpath.helper;

/**
 * A control connection as another run needs it to go on.
 *
 * @param helper name
 * @param stream of a TCP connection; empty for datagrams
 * @param memory of the helper
 * @param canResume whether the helper can go on from it
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record SavedSession(String helper, byte[] stream, byte[] memory, boolean canResume) {}
