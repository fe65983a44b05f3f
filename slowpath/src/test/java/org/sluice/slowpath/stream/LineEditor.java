package org.sluice.slowpath.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A reader that changes lines by their first byte: + grows, - shrinks, = stays as long, 0 goes altogether; these are held until they are
 * whole, all others pass as they come. It keeps account of what each receiver has to see.
 */
final class LineEditor implements StreamReader {
    private static final String EDITED = "+-=0";
    private final byte[][] streams;
    private final Random random;
    private final double detachChance;
    private final ByteArrayOutputStream[] seen = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
    private final int[] read = new int[2];
    private final int[] unread = new int[2];
    private final boolean[] midLine = new boolean[2];
    private EditedConnection connection;
    private int edits;
    private int skips;

    /** @param detachChance of each line to be the last that is read */
    LineEditor(byte[][] streams, Random random, double detachChance) {
        this.streams = streams;
        this.random = random;
        this.detachChance = detachChance;
    }

    void reads(EditedConnection edited) {
        connection = edited;
    }

    @Override
    public int onBytes(int direction, DirectBuffer b, int offset, int length, Edits into) {
        byte[] offered = new byte[length];
        b.getBytes(offset, offered);
        int position = read[direction];
        assertThat(offered).as("bytes offered from %d on", position)
                .isEqualTo(Arrays.copyOfRange(streams[direction], position, position + length));
        int begin = 0;
        for (int i = 0; i < length; i++) {
            if (offered[i] == '\n') {
                onLine(direction, offered, begin, i + 1, into);
                midLine[direction] = false;
                begin = i + 1;
            }
        }
        if (begin < length && (midLine[direction] || EDITED.indexOf(offered[begin]) < 0)) {
            midLine[direction] = true;
            seen[direction].write(offered, begin, length - begin);
            begin = length;
        }
        read[direction] += begin;
        unread[direction] = length - begin;
        if (begin > 0 && random.nextDouble() < detachChance) {
            connection.detach();
        }
        return begin;
    }

    private void onLine(int direction, byte[] bytes, int begin, int end, Edits into) {
        int kind = midLine[direction] ? -1 : EDITED.indexOf(bytes[begin]);
        if (kind < 0) {
            seen[direction].write(bytes, begin, end - begin);
            return;
        }
        edits++;
        int from = kind == 3 ? begin : begin + random.nextInt(end - begin);
        int to = kind == 3 ? end : from + 1 + random.nextInt(end - from);
        byte[] with = new byte[switch (kind) {
            case 0 -> to - from + 1 + random.nextInt(random.nextInt(20) == 0 ? 500 : 20);
            case 1 -> random.nextInt(to - from);
            case 2 -> to - from;
            default -> 0;
        }];
        for (int i = 0; i < with.length; i++) {
            with[i] = (byte) ('a' + random.nextInt(26));
        }
        into.replace(from, to - from, new UnsafeBuffer(with), 0, with.length);
        seen[direction].write(bytes, begin, from - begin);
        seen[direction].writeBytes(with);
        seen[direction].write(bytes, to, end - to);
    }

    @Override
    public void onSkip(int direction) {
        skips++;
        seen[direction].write(streams[direction], read[direction], unread[direction]);
        read[direction] += unread[direction];
        unread[direction] = 0;
        midLine[direction] = true;
    }

    @Override
    public void onFailure(Throwable cause) {
        throw new IllegalStateException("nothing must fail here", cause);
    }

    /** @return what the receiver of a direction has to have seen at the end. */
    byte[] expected(int direction) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(seen[direction].toByteArray());
        all.write(streams[direction], read[direction], streams[direction].length - read[direction]);
        return all.toByteArray();
    }

    int edits() {
        return edits;
    }

    int skips() {
        return skips;
    }
}
