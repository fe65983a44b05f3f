package org.sluice.slowpath.stream;

import org.agrona.DirectBuffer;

/** Reads the two streams of a connection and may rewrite them. */
public interface StreamReader {

    /**
     * Bytes of one direction, in order. What is not consumed is held back and offered again together with what follows.
     *
     * @param direction 0 for the side that opened the connection, 1 for the other
     * @param length at least 1
     * @param edits takes replacements within the consumed bytes
     * @return how many bytes are done with, 0 to length
     */
    int onBytes(int direction, DirectBuffer stream, int offset, int length, Edits edits);

    /** Bytes that were offered and not consumed have been passed on. */
    void onSkip(int direction);

    /** The reader threw, or broke the rules of {@link #onBytes}; it is not asked again and all bytes pass. */
    void onFailure(Throwable cause);
}
