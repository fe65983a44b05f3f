package org.sluice.helpers.icq;

import static org.sluice.helpers.fuzz.Conversation.seed;
import static org.sluice.helpers.icq.Messages.cancel;
import static org.sluice.helpers.icq.Messages.flap;
import static org.sluice.helpers.icq.Messages.in;
import static org.sluice.helpers.icq.Messages.loginReply;
import static org.sluice.helpers.icq.Messages.out;
import static org.sluice.helpers.icq.Messages.proposal;
import static org.sluice.helpers.icq.Messages.signOn;
import static org.sluice.helpers.icq.Messages.signOnWithCookie;
import static org.sluice.helpers.icq.Messages.status;
import static org.sluice.helpers.icq.Messages.tlv;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.helpers.fuzz.HelperFuzz;
import org.sluice.helpers.testkit.ControlConnection;

class IcqFuzz {
    private static final String OWN = ControlConnection.CLIENT;

    static Stream<byte[]> seeds() {
        return Stream.of(
                seed("S:" + signOn(), "C:" + signOnWithCookie() + status(OWN, 4000), "C:" + out(proposal(OWN, 4001)),
                        "S:" + in(cancel()), "C:" + out(proposal(OWN, 4002)) + out(cancel())),
                seed("S:" + signOn(), "C:" + signOn(), "S:" + loginReply(ControlConnection.SERVER + ":5191")
                        + flap(4, tlv(5, ControlConnection.SERVER + ":5190"))));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void shouldSurviveAnything(byte[] input) {
        HelperFuzz.run(new IcqHelper(), new IcqNat(), port -> port ^ 0x2000, input);
    }
}
