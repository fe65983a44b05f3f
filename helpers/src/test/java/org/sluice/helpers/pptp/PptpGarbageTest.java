package org.sluice.helpers.pptp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.helpers.pptp.Messages.CONNECTED;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.testkit.ControlConnection;

/** Whatever is said, whole, torn or spoilt: nothing is thrown, and not a byte but of call IDs changes. */
class PptpGarbageTest {
    private static final int RUNS = 3_000;
    private static final List<String> PHRASES = List.of(Messages.startRequest(), Messages.startReply(1),
            Messages.stopRequest(), Messages.echoRequest(1), Messages.outgoingCallRequest(1),
            Messages.outgoingCallReply(2, 257, CONNECTED), Messages.incomingCallRequest(2),
            Messages.incomingCallReply(1, 258, CONNECTED), Messages.incomingCallConnected(257),
            Messages.callClearRequest(1), Messages.callDisconnectNotify(2), Messages.wanErrorNotify(257),
            Messages.setLinkInfo(258), Messages.other(99, 30));

    @Test
    void shouldSurviveAnything() {
        int agreed = 0;
        for (int run = 0; run < RUNS; run++) {
            long seed = 0xBADL + run;
            try {
                agreed += run(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(agreed).as("calls, so that something was tried").isGreaterThan(RUNS / 20);
    }

    private static int run(Random random) {
        // only the high byte of a call ID changes
        ControlConnection c = new ControlConnection(new PptpHelper(), new PptpNat())
                .translate(Direction.ORIGINAL, "198.51.100.1", id -> id ^ 0x100)
                .translate(Direction.REPLY, "203.0.113.9", id -> id ^ 0x100);
        StringBuilder[] said = {new StringBuilder(PHRASES.get(0)), new StringBuilder(PHRASES.get(1))};
        c.client(PHRASES.get(0)).server(PHRASES.get(1));
        int agreed = 0;
        for (int i = random.nextInt(30); i >= 0; i--) {
            Direction from = Direction.values()[random.nextInt(2)];
            String text = spoilt(PHRASES.get(random.nextInt(PHRASES.size())), random);
            said[from.ordinal()].append(text);
            int cut = random.nextInt(text.length() + 1);
            c.feed(from, text.substring(0, cut).getBytes(StandardCharsets.ISO_8859_1));
            c.feed(from, text.substring(cut).getBytes(StandardCharsets.ISO_8859_1));
            if (random.nextInt(100) == 0) {
                c.release(from);
            }
            assertThat(c.held(from).length()).isLessThanOrEqualTo(PptpMessage.MAX_READ);
            agreed = Math.max(agreed, c.calls().size());
        }
        c.release(Direction.ORIGINAL).release(Direction.REPLY);
        assertSame(said[0].toString(), c.atServer());
        assertSame(said[1].toString(), c.atClient());
        return agreed;
    }

    private static void assertSame(String said, String received) {
        assertThat(received).hasSameSizeAs(said);
        for (int i = 0; i < said.length(); i++) {
            assertThat(said.charAt(i) ^ received.charAt(i)).as("byte %d", i).isIn(0, 1);
        }
    }

    private static String spoilt(String phrase, Random random) {
        StringBuilder text = new StringBuilder(phrase);
        if (random.nextInt(20) == 0) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.setLength(at);
                case 1 -> text.insert(at, (char) random.nextInt(256));
                case 2 -> text.insert(at, phrase);
                default -> text.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(8)));
            }
        }
        return text.toString();
    }
}
