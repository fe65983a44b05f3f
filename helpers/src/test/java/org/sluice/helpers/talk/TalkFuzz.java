package org.sluice.helpers.talk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.sluice.helpers.fuzz.Conversation.seed;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.helpers.fuzz.HelperFuzz;
import org.sluice.helpers.spi.Endpoint;

class TalkFuzz {
    private static final Endpoint CLIENT = TalkMessage.endpoint("10.77.0.2", 5001);
    private static final Endpoint SERVER = TalkMessage.endpoint("198.51.100.2", 5002);

    static Stream<byte[]> seeds() {
        return Stream.of(
                seed("C:" + text(TalkMessage.ntalkRequest(TalkMessage.LOOK_UP, CLIENT, CLIENT)),
                        "S:" + text(TalkMessage.ntalkResponse(TalkMessage.LOOK_UP, TalkMessage.SUCCESS, SERVER)),
                        "C:" + text(TalkMessage.ntalkRequest(TalkMessage.ANNOUNCE, CLIENT, CLIENT))),
                seed("C:" + text(TalkMessage.talkRequest(TalkMessage.LOOK_UP, CLIENT, CLIENT)),
                        "S:" + text(TalkMessage.talkResponse(TalkMessage.LOOK_UP, TalkMessage.NOT_HERE, SERVER)),
                        "C:" + text(TalkMessage.talkRequest(TalkMessage.ANNOUNCE, CLIENT, CLIENT))));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void shouldSurviveAnything(byte[] input) {
        HelperFuzz.run(new TalkHelper(), new TalkNat(), input);
    }
}
