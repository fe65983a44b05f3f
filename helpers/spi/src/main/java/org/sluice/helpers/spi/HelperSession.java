package org.sluice.helpers.spi;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One control connection under the eyes of a helper. Called from the conductor's thread only. An exception ends the
 * session, is counted, and the connection goes on unread.
 */
public interface HelperSession {
    /** Bytes that {@link #save} may write. */
    int MAX_MEMORY = 4096;

    /**
     * Bytes of one side. TCP: in order, each byte until it is consumed, whatever the segments were. UDP: one whole datagram
     * a call; the return value is ignored.
     *
     * <p>Bytes that are not consumed are held back from the receiver and offered again together with those that follow, so a
     * helper leaves only the beginning of a message that it may have to rewrite. When too many are held, or for too long,
     * the gateway passes them on and calls {@link #onSkip}.
     *
     * @param from the side that sent them
     * @param stream valid during the call
     * @param offset of the first byte in {@code stream}
     * @param length at least 1
     * @return how many bytes are done with, 0 to {@code length}
     */
    int onBytes(Direction from, DirectBuffer stream, int offset, int length);

    /**
     * TCP only: bytes offered earlier were passed on unread, so the next bytes begin in the middle of a message.
     *
     * @param from the side that sent them
     */
    default void onSkip(Direction from) {}

    /**
     * Writes down what another session of the same helper has to know to go on from here, should the gateway be restarted. Called often, so
     * it should be little.
     *
     * @param memory room for {@link #MAX_MEMORY} bytes from {@code offset} on
     * @return how many bytes were written; -1 when nobody can go on, so that the connection will be left unread then
     */
    default int save(MutableDirectBuffer memory, int offset) {
        return -1;
    }

    /**
     * Goes on where another session was; called before the first byte, with what {@link #save} wrote, perhaps by an older
     * version of the helper.
     *
     * @return false when it can't
     */
    default boolean restore(DirectBuffer memory, int offset, int length) {
        return false;
    }
}
