package org.sluice.helpers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.sluice.helpers.ftp.FtpHelper;
import org.sluice.helpers.ftp.FtpNat;
import org.sluice.helpers.irc.IrcHelper;
import org.sluice.helpers.irc.IrcNat;
import org.sluice.helpers.pptp.PptpHelper;
import org.sluice.helpers.pptp.PptpNat;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.NatHelper;
import org.sluice.helpers.testkit.ControlConnection;

/** The gateway is restarted at every byte of a conversation, and nobody can tell. */
class RestartTest {
    /** C and S say who speaks. */
    private static final String[] FTP = {"S220-hello\r\n220 ready\r\n", "CUSER u\r\n", "S331 password\r\n",
            "CPASS p\r\n", "S230 in\r\n", "CPORT 10,77,0,2,19,137\r\n", "S200 ok\r\n", "CRETR f\r\n", "S150 here\r\n",
            "S226 done\r\n", "CPASV\r\n", "S227 Passive (198,51,100,2,19,138)\r\n", "CEPSV\r\nNOOP\r\n",
            "S229 Passive (|||5003|)\r\n200 ok\r\n", "CEPRT |1|10.77.0.2|5004|\r\n", "S200 ok\r\n"};
    private static final String[] IRC = {"CNICK a\r\n", "CUSER a 0 * :a\r\n", "S:srv 001 a :welcome\r\n",
            "CPRIVMSG b :\001DCC SEND f 172818434 5001 99\001\r\n", "S:b PRIVMSG a :\001DCC RESUME f 5001 50\001\r\n",
            "CPRIVMSG b :\001DCC ACCEPT f 5001 50\001\r\n", "CPRIVMSG b :hello\r\n"};

    private static ControlConnection connection(Helper helper, NatHelper nat) {
        return new ControlConnection(helper, nat).translate(Direction.ORIGINAL, "198.51.100.1", port -> port + 1000);
    }

    private static ControlConnection play(ControlConnection connection, String[] conversation, int restartAt) {
        int at = 0;
        for (String line : conversation) {
            boolean client = line.charAt(0) == 'C';
            String text = line.substring(1);
            int cut = restartAt - at;
            Consumer<String> say = client ? connection::client : connection::server;
            if (cut >= 0 && cut < text.length()) {
                say.accept(text.substring(0, cut));
                connection.restart();
                say.accept(text.substring(cut));
            } else {
                say.accept(text);
            }
            at += text.length();
        }
        return connection;
    }

    private static int length(String[] conversation) {
        int length = 0;
        for (String line : conversation) {
            length += line.length() - 1;
        }
        return length;
    }

    private static void assertNobodyNotices(Helper helper, NatHelper nat, String[] conversation) {
        ControlConnection whole = play(connection(helper, nat), conversation, -1);
        assertThat(whole.expectations()).isNotEmpty();
        for (int at = 0; at < length(conversation); at++) {
            ControlConnection cut = play(connection(helper, nat), conversation, at);
            assertThat(cut.atServer()).as("restarted at byte %d", at).isEqualTo(whole.atServer());
            assertThat(cut.atClient()).as("restarted at byte %d", at).isEqualTo(whole.atClient());
            assertThat(cut.expectations()).as("restarted at byte %d", at).isEqualTo(whole.expectations());
            assertThat(cut.isDetached()).isFalse();
        }
    }

    @Test
    void shouldGoOnWithFtp() {
        assertNobodyNotices(new FtpHelper(), new FtpNat(), FTP);
    }

    @Test
    void shouldGoOnWithIrc() {
        assertNobodyNotices(new IrcHelper(), new IrcNat(), IRC);
    }

    @Test
    void shouldLeaveTlsUnread() {
        ControlConnection ftp = connection(new FtpHelper(), new FtpNat());
        ftp.server("220 ready\r\n").client("AUTH TLS\r\n").server("234 go\r\n").restart();
        assertThat(ftp.isDetached()).isTrue();
    }

    @Test
    void shouldLeaveAConnectionUnreadWhoseHelperCantGoOn() {
        ControlConnection pptp = connection(new PptpHelper(), new PptpNat()).restart();
        pptp.client("anything at all");
        assertThat(pptp.isDetached()).isTrue();
        assertThat(pptp.atServer()).isEqualTo("anything at all");
    }

    /** What was saved may be of another version, or damaged. */
    @Test
    void shouldRefuseAMemoryThatIsNone() {
        byte[] saved = new byte[HelperSession.MAX_MEMORY];
        for (Helper helper : new Helper[]{new FtpHelper(), new IrcHelper()}) {
            for (int length = 0; length < 100; length++) {
                for (byte fill : new byte[]{0, 1, 127, -1}) {
                    Arrays.fill(saved, fill);
                    HelperSession[] session = new HelperSession[1];
                    new ControlConnection(new Peeking(helper, session), null);
                    UnsafeBuffer memory = new UnsafeBuffer(saved, 0, length);
                    session[0].restore(memory, 0, length);
                }
            }
        }
    }

    /** Shows the session to the test. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Peeking(Helper helper, HelperSession[] session) implements Helper {
        @Override
        public HelperSpec spec() {
            return helper.spec();
        }

        @Override
        public HelperSession newSession(Control control) {
            session[0] = helper.newSession(control);
            return session[0];
        }
    }
}
