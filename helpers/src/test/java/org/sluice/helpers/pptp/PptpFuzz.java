package org.sluice.helpers.pptp;

import static org.sluice.helpers.fuzz.Conversation.seed;
import static org.sluice.helpers.pptp.Messages.CONNECTED;
import static org.sluice.helpers.pptp.Messages.callClearRequest;
import static org.sluice.helpers.pptp.Messages.callDisconnectNotify;
import static org.sluice.helpers.pptp.Messages.echoRequest;
import static org.sluice.helpers.pptp.Messages.incomingCallConnected;
import static org.sluice.helpers.pptp.Messages.incomingCallReply;
import static org.sluice.helpers.pptp.Messages.incomingCallRequest;
import static org.sluice.helpers.pptp.Messages.outgoingCallReply;
import static org.sluice.helpers.pptp.Messages.outgoingCallRequest;
import static org.sluice.helpers.pptp.Messages.setLinkInfo;
import static org.sluice.helpers.pptp.Messages.startReply;
import static org.sluice.helpers.pptp.Messages.startRequest;
import static org.sluice.helpers.pptp.Messages.stopRequest;
import static org.sluice.helpers.pptp.Messages.wanErrorNotify;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.helpers.fuzz.HelperFuzz;

class PptpFuzz {
    /** A call ID as the other side is told. */
    private static final int SEEN = 0x2000;

    static Stream<byte[]> seeds() {
        return Stream.of(
                seed("C:" + startRequest(), "S:" + startReply(1), "C:" + outgoingCallRequest(7) + echoRequest(1),
                        "S:" + outgoingCallReply(9, 7 ^ SEEN, CONNECTED) + wanErrorNotify(7 ^ SEEN),
                        "C:" + setLinkInfo(9 ^ SEEN) + callClearRequest(7), "S:" + callDisconnectNotify(9)),
                seed("C:" + startRequest(), "S:" + startReply(1) + incomingCallRequest(9),
                        "C:" + incomingCallReply(7, 9 ^ SEEN, CONNECTED), "S:" + incomingCallConnected(7 ^ SEEN),
                        "C:" + stopRequest()));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void shouldSurviveAnything(byte[] input) {
        HelperFuzz.run(new PptpHelper(), new PptpNat(), id -> id ^ SEEN, input);
    }
}
