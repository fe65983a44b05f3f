package org.sluice.helpers.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sluice.helpers.spi.Direction;

/**
 * What two hosts say to one another, as the bytes that a fuzzer changes. Every input means something, so that none is wasted.
 * <pre>
 *   0       1           3
 *  +-------+-----------+---------
 *  | flags | length, 2 | bytes …     and so on; the last turn ends where the input does
 *  +-------+-----------+---------
 *  flags:  1 the server speaks   2 what is held has waited for too long
 * </pre>
 *
 * @param turns in their order
 */
public record Conversation(List<Turn> turns) {
    private static final int HEADER = 3;
    private static final int SERVER = 1;
    private static final int RELEASE = 2;
    private static final int MAX_TURNS = 256;

    /** One segment or datagram. */
    public static final class Turn {
        final Direction from;
        final boolean release;
        final byte[] bytes;

        private Turn(Direction from, boolean release, byte[] bytes) {
            this.from = from;
            this.release = release;
            this.bytes = bytes;
        }
    }

    public static Conversation parse(byte[] input) {
        List<Turn> turns = new ArrayList<>();
        int at = 0;
        while (at + HEADER <= input.length && turns.size() < MAX_TURNS) {
            int length = (input[at + 1] & 0xFF) << 8 | input[at + 2] & 0xFF;
            int end = Math.min(input.length, at + HEADER + length);
            byte[] bytes = new byte[end - at - HEADER];
            System.arraycopy(input, at + HEADER, bytes, 0, bytes.length);
            turns.add(new Turn((input[at] & SERVER) != 0 ? Direction.REPLY : Direction.ORIGINAL,
                    (input[at] & RELEASE) != 0, bytes));
            at = end;
        }
        return new Conversation(turns);
    }

    /** A seed. @param turns each begins with {@code C:} or {@code S:}; ISO 8859-1 */
    public static byte[] seed(String... turns) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String turn : turns) {
            byte[] bytes = turn.substring(2).getBytes(StandardCharsets.ISO_8859_1);
            out.write(turn.startsWith("S:") ? SERVER : 0);
            out.write(bytes.length >> 8);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }
}
