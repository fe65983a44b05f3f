package org.sluice.helpers.irc;

import static org.sluice.helpers.fuzz.Conversation.seed;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.helpers.fuzz.HelperFuzz;

class IrcFuzz {

    static Stream<byte[]> seeds() {
        return Stream.of(
                seed("C:NICK n\r\nUSER u 0 * :u\r\n", "C:PRIVMSG b :\u0001DCC SEND f 172818434 5001 9\u0001\r\n"),
                seed("C:CAP LS\r\nPASS x\r\nNICK n\r\nUSER u 0 * :u\r\n",
                        "C:@a=b;c :n!u@h NOTICE b :\u0001DCC CHAT chat 10.77.0.2 5001\u0001 x \u0001dcc schat ",
                        "C:a fd77::2 5001\u0001\r\n"),
                seed("C:NICK n\r\nUSER u 0 * :u\r\n", "C:PRIVMSG b :\u0001DCC SEND \"a b\" 172818434 0 9 77\u0001\r\n",
                        "S::b!u@h PRIVMSG n :\u0001DCC RESUME f 5001 3\u0001\r\n",
                        "C:PRIVMSG b :\u0001DCC ACCEPT f 5001 3\u0001\r\n"),
                seed("C:NICK n\r\nUSER u 0 * :u\r\n", "C:PRIVMSG b :\u0001DCC SEND a b 172818434 5001 9\u0001\r\n",
                        "S::b!u@h PRIVMSG n :\u0001DCC RESUME \"a b\" 5001 3\u0001\r\n",
                        "C:PRIVMSG b :\u0001DCC ACCEPT \"a b\" 5001 3\u0001\r\n"),
                seed("C:NICK n\r\nUSER u 0 * :u\r\n", "S:670 n :go\r\n", "C:STARTTLS\r\n"));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void shouldSurviveAnything(byte[] input) {
        HelperFuzz.run(new IrcHelper(), new IrcNat(), input);
    }
}
