package org.sluice.helpers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.sluice.helpers.ftp.FtpHelper;
import org.sluice.helpers.irc.IrcHelper;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;
import org.sluice.helpers.testkit.Announced;
import org.sluice.helpers.testkit.ControlConnection;

/** Whatever is said, whole, torn or spoilt: nothing is thrown, no byte is lost, no third host is opened. */
class GarbageTest {
    private static final int RUNS = 2000;
    private static final String SEEN = "198.51.100.1";
    private static final Set<String> OWN = Set.of(ControlConnection.CLIENT, ControlConnection.SERVER);
    private static final List<String> FTP = List.of("220 hi\r\n", "USER u\r\n", "PASV\r\n", "EPSV\r\n", "AUTH TLS\r\n",
            "PORT 10,77,0,2,19,137\r\n", "EPRT |1|10.77.0.2|5001|\r\n", "227 ok (198,51,100,2,19,137)\r\n",
            "229 ok (|||5001|)\r\n", "227-a\r\n", "PORT 10,77,0,9,19,137\r\n", "227 (192,0,2,9,19,137)\r\n",
            "530 no\r\n");
    private static final List<String> IRC = List.of("NICK n\r\n", "USER u 0 * :u\r\n", "@a=b :x ", "PRIVMSG b :",
            "PRIVMSG b :\u0001DCC SEND f 172818434 5001 9\u0001\r\n",
            "NOTICE b :\u0001DCC CHAT chat 10.77.0.2 5001\u0001\r\n",
            "\u0001DCC SEND \"a b\" 172818434 5001\u0001", "PRIVMSG b :\u0001DCC SEND f 172818434 0 9 1\u0001\r\n",
            "PRIVMSG b :\u0001DCC ACCEPT f 5001 9\u0001\r\n", "PRIVMSG b :\u0001DCC RESUME f 5001 9\u0001\r\n",
            "PRIVMSG b :\u0001DCC SEND f 3221225993 5001 9\u0001\r\n");

    /** Writes as many marks as were there, so that what was replaced can be told from what was lost. */
    private static final class Marker implements NatHelper {

        @Override
        public String name() {
            return "marker";
        }

        @Override
        public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
            assertThat(seen.address().getHostAddress()).isEqualTo(SEEN);
            out.setMemory(offset, mention.length(), (byte) '#');
            return mention.length();
        }
    }

    @Test
    void shouldSurviveAnythingOnAnFtpConnection() {
        run(new FtpHelper(), FTP);
    }

    @Test
    void shouldSurviveAnythingOnAnIrcConnection() {
        run(new IrcHelper(), IRC);
    }

    private static void run(Helper helper, List<String> phrases) {
        int opened = 0;
        for (int run = 0; run < RUNS; run++) {
            long seed = 0xBADL + run;
            try {
                opened += run(helper, phrases, new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(opened).as("connections expected, so that something was tried").isGreaterThan(RUNS / 10);
    }

    private static int run(Helper helper, List<String> phrases, Random random) {
        ControlConnection connection = new ControlConnection(helper, new Marker()).translate(Direction.ORIGINAL, SEEN)
                .translate(Direction.REPLY, SEEN);
        StringBuilder[] said = {new StringBuilder(), new StringBuilder()};
        connection.server(phrases.get(0)).client(phrases.get(0) + phrases.get(1));
        said[0].append(phrases.get(0)).append(phrases.get(1));
        said[1].append(phrases.get(0));
        for (int i = random.nextInt(30); i >= 0; i--) {
            Direction from = Direction.values()[random.nextInt(2)];
            String text = spoilt(phrases.get(random.nextInt(phrases.size())), random);
            int begin = random.nextInt(text.length() + 1);
            connection.feed(from, text.substring(0, begin).getBytes(StandardCharsets.ISO_8859_1));
            connection.feed(from, text.substring(begin).getBytes(StandardCharsets.ISO_8859_1));
            said[from.ordinal()].append(text);
            if (random.nextInt(10) == 0) {
                connection.release(from);
            }
            assertThat(connection.held(from).length()).isLessThanOrEqualTo(helper.spec().maxHeld());
            for (Announced a : connection.expectations()) {
                assertThat(OWN.contains(a.to().address().getHostAddress()) && a.to().port() >= 1024).as(a.toString())
                        .isTrue();
            }
        }
        connection.release(Direction.ORIGINAL).release(Direction.REPLY);
        assertSame(said[0].toString(), connection.atServer());
        assertSame(said[1].toString(), connection.atClient());
        return connection.expectations().size();
    }

    private static void assertSame(String said, String received) {
        assertThat(received).hasSameSizeAs(said);
        StringBuilder restored = new StringBuilder(received);
        for (int i = 0; i < said.length(); i++) {
            if (restored.charAt(i) == '#') {
                restored.setCharAt(i, said.charAt(i));
            }
        }
        assertThat(restored.toString()).isEqualTo(said);
    }

    private static String spoilt(String phrase, Random random) {
        StringBuilder text = new StringBuilder(phrase);
        for (int i = random.nextInt(4) - 1; i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(6)) {
                case 0 -> text.setLength(at);
                case 1 -> text.insert(at, (char) random.nextInt(256));
                case 2 -> text.insert(at, random.nextInt());
                case 3 -> text.insert(at, "x,\0|\u00ff\r".substring(random.nextInt(5)).repeat(random.nextInt(400)));
                case 4 -> text.insert(at, phrase);
                default -> {
                    if (at < text.length()) {
                        text.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(8)));
                    }
                }
            }
        }
        return text.toString();
    }
}
