package org.sluice.slowpath.stream;

import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Pieces of a stream that came before their turn. */
final class OutOfOrder {
    private final TreeMap<Long, byte[]> pieces = new TreeMap<>();
    private int bytes;

    /** Keeps a piece, unless there are too many already; then the sender will repeat it. */
    void add(long position, DirectBuffer from, int offset, int length) {
        byte[] known = pieces.get(position);
        if (known != null && known.length >= length || bytes + length > StreamLimits.OUT_OF_ORDER_BYTES
                || pieces.size() >= StreamLimits.OUT_OF_ORDER_PIECES) {
            return;
        }
        byte[] copy = new byte[length];
        from.getBytes(offset, copy);
        if (known != null) {
            // the bytes that came first stay (Ptacek and Newsham, 1998)
            System.arraycopy(known, 0, copy, 0, known.length);
            bytes -= known.length;
        }
        pieces.put(position, copy);
        bytes += length;
    }

    /** Moves what is next in turn to the end of the queue. */
    void drainTo(ByteQueue queue) {
        while (!pieces.isEmpty() && pieces.firstKey() <= queue.end()) {
            Map.Entry<Long, byte[]> first = pieces.pollFirstEntry();
            byte[] piece = first.getValue();
            bytes -= piece.length;
            int known = (int) (queue.end() - first.getKey());
            if (known < piece.length) {
                queue.append(new UnsafeBuffer(piece), known, piece.length - known);
            }
        }
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    void clear() {
        pieces.clear();
        bytes = 0;
    }
}
