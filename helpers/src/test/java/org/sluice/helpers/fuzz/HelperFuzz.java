package org.sluice.helpers.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.fuzz.Conversation.Turn;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;
import org.sluice.helpers.spi.Transport;
import org.sluice.helpers.testkit.Announced;
import org.sluice.helpers.testkit.ControlConnection;

/**
 * What must hold for a helper whatever is said: it throws nothing, loses no byte, holds no more than it declared, opens no third
 * host and no port below 1024 that it does not watch. A fuzz test of a helper is a class
 * beside its other tests, named {@code …Fuzz}: seeds, and one call.
 */
public final class HelperFuzz {
    private static final String SEEN = "198.51.100.1";
    private static final Set<String> OWN = Set.of(ControlConnection.CLIENT, ControlConnection.SERVER);
    private static final byte MARK = '#';

    private HelperFuzz() {}

    /** Writes as many marks as there were bytes, so that what was replaced can be told from what was lost. */
    private record Marker(String name) implements NatHelper {

        @Override
        public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
            out.setMemory(offset, mention.length(), MARK);
            return mention.length();
        }
    }

    /** @param nat half to be tried as well, or null when there is none */
    public static void run(Helper helper, NatHelper nat, byte[] input) {
        run(helper, nat, IntUnaryOperator.identity(), input);
    }

    /** @param port from the real port to the one that is seen */
    public static void run(Helper helper, NatHelper nat, IntUnaryOperator port, byte[] input) {
        Conversation conversation = Conversation.parse(input);
        for (Transport transport : helper.transports()) {
            talk(helper, transport, new Marker(helper.spec().name()), port, conversation, true);
            if (nat != null) {
                // lengths change now, and the writer sees whatever the reader made of the input
                talk(helper, transport, nat, port, conversation, false);
            }
        }
    }

    private static void talk(Helper helper, Transport transport, NatHelper nat, IntUnaryOperator port,
            Conversation conversation, boolean compare) {
        ControlConnection connection = new ControlConnection(helper, nat, Map.of(), transport)
                .translate(Direction.ORIGINAL, SEEN, port).translate(Direction.REPLY, SEEN, port);
        ByteArrayOutputStream[] said = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
        for (Turn turn : conversation.turns()) {
            connection.feed(turn.from, turn.bytes);
            said[turn.from.ordinal()].writeBytes(turn.bytes);
            if (turn.release) {
                connection.release(turn.from);
            }
            check(helper, connection, turn.from);
        }
        connection.release(Direction.ORIGINAL).release(Direction.REPLY);
        if (compare) {
            compare(said[0].toByteArray(), connection.atServer());
            compare(said[1].toByteArray(), connection.atClient());
        }
    }

    private static void check(Helper helper, ControlConnection connection, Direction from) {
        assertThat(connection.held(from).length()).as("held").isLessThanOrEqualTo(helper.spec().maxHeld());
        assertThat(connection.calls()).hasSizeLessThanOrEqualTo(helper.spec().maxExpectations());
        assertThat(connection.expectations()).hasSizeLessThanOrEqualTo(helper.spec().maxExpectations());
        for (Announced a : connection.expectations()) {
            assertThat(OWN).as("host that was opened").contains(a.to().address().getHostAddress());
            assertThat(a.to().port() >= 1024 || helper.spec().ports().contains(a.to().port())).as("port of " + a)
                    .isTrue();
        }
    }

    private static void compare(byte[] said, String received) {
        byte[] got = received.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(got).as("as many bytes as were said").hasSameSizeAs(said);
        for (int i = 0; i < got.length; i++) {
            if (got[i] != said[i] && got[i] != MARK) {
                throw new AssertionError("byte " + i + " was " + said[i] + " and is " + got[i]);
            }
        }
    }
}
