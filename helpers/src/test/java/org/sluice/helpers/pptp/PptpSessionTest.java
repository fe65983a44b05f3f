package org.sluice.helpers.pptp;

import static org.assertj.core.api.Assertions.assertThat;
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
import static org.sluice.helpers.pptp.Messages.stopReply;
import static org.sluice.helpers.pptp.Messages.stopRequest;
import static org.sluice.helpers.pptp.Messages.wanErrorNotify;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.testkit.AgreedCall;
import org.sluice.helpers.testkit.ControlConnection;

/** PPTP control connections, with the client or the server behind the gateway. */
class PptpSessionTest {
    private static final String HELLO = startRequest();
    private static final String WELCOME = startReply(1);

    private static ControlConnection untranslated() {
        return new ControlConnection(new PptpHelper(), new PptpNat());
    }

    /** What the client calls 7 is 107 to the server. */
    private static ControlConnection clientInside() {
        return untranslated().translate(Direction.ORIGINAL, "198.51.100.1", id -> id + 100);
    }

    /** What the server calls 9 is 1009 to the client. */
    private static ControlConnection serverInside() {
        return untranslated().translate(Direction.REPLY, "203.0.113.9", id -> id + 1000);
    }

    private static ControlConnection bothInside() {
        return clientInside().translate(Direction.REPLY, "203.0.113.9", id -> id + 1000);
    }

    private static ControlConnection introduced(ControlConnection c) {
        return c.client(HELLO).server(WELCOME);
    }

    private static String sinceHello(ControlConnection c) {
        return c.atServer().substring(HELLO.length());
    }

    private static String sinceWelcome(ControlConnection c) {
        return c.atClient().substring(WELCOME.length());
    }

    @Test
    void shouldTranslateTheCallIdOfAClientInside() {
        ControlConnection c = introduced(clientInside()).client(outgoingCallRequest(7));
        assertThat(sinceHello(c)).isEqualTo(outgoingCallRequest(107));
        assertThat(c.calls()).as("before the server has answered").isEmpty();

        c.server(outgoingCallReply(9, 107, CONNECTED));
        assertThat(sinceWelcome(c)).isEqualTo(outgoingCallReply(9, 7, CONNECTED));
        assertThat(c.calls()).containsExactly(new AgreedCall(7, 107, 9, 9));
    }

    @Test
    void shouldTranslateTheCallIdOfAServerInside() {
        ControlConnection c = introduced(serverInside()).client(outgoingCallRequest(7))
                .server(outgoingCallReply(9, 7, CONNECTED));
        assertThat(sinceHello(c)).isEqualTo(outgoingCallRequest(7));
        assertThat(sinceWelcome(c)).isEqualTo(outgoingCallReply(1009, 7, CONNECTED));
        assertThat(c.calls()).containsExactly(new AgreedCall(7, 7, 9, 1009));
    }

    @Test
    void shouldTranslateEveryMessageThatNamesACall() {
        ControlConnection c = introduced(bothInside())
                .client(outgoingCallRequest(7)).server(outgoingCallReply(9, 107, CONNECTED))
                .client(setLinkInfo(1009)).server(wanErrorNotify(107)).client(echoRequest(5)).server(setLinkInfo(107))
                .client(callClearRequest(7)).server(callDisconnectNotify(9));
        assertThat(sinceHello(c)).isEqualTo(
                outgoingCallRequest(107) + setLinkInfo(9) + echoRequest(5) + callClearRequest(107));
        assertThat(sinceWelcome(c)).isEqualTo(outgoingCallReply(1009, 7, CONNECTED) + wanErrorNotify(7)
                + setLinkInfo(7) + callDisconnectNotify(1009));
        assertThat(c.calls()).isEmpty();
        assertThat(c.events()).isEmpty();
    }

    @Test
    void shouldFollowACallThatTheServerAsksFor() {
        ControlConnection c = introduced(bothInside()).server(incomingCallRequest(9))
                .client(incomingCallReply(7, 1009, CONNECTED)).server(incomingCallConnected(107));
        assertThat(sinceWelcome(c)).isEqualTo(incomingCallRequest(1009) + incomingCallConnected(7));
        assertThat(sinceHello(c)).isEqualTo(incomingCallReply(107, 9, CONNECTED));
        assertThat(c.calls()).containsExactly(new AgreedCall(7, 107, 9, 1009));
    }

    /** Some name the call in the notification as the client does. */
    @Test
    void shouldUnderstandANotificationThatNamesTheClientsCallId() {
        ControlConnection c = introduced(clientInside()).client(outgoingCallRequest(7))
                .server(outgoingCallReply(9, 107, CONNECTED)).server(callDisconnectNotify(107));
        assertThat(sinceWelcome(c)).endsWith(callDisconnectNotify(7));
        assertThat(c.calls()).isEmpty();
    }

    @Test
    void shouldKeepSeveralCallsApart() {
        ControlConnection c = introduced(clientInside()).client(outgoingCallRequest(7) + outgoingCallRequest(8))
                .server(outgoingCallReply(10, 108, CONNECTED) + outgoingCallReply(9, 107, CONNECTED));
        assertThat(c.calls()).containsExactlyInAnyOrder(new AgreedCall(7, 107, 9, 9), new AgreedCall(8, 108, 10, 10));
        c.client(callClearRequest(8)).server(callDisconnectNotify(10));
        assertThat(c.calls()).containsExactly(new AgreedCall(7, 107, 9, 9));
    }

    @Test
    void shouldExpectNothingWhenTheCallIsRefused() {
        ControlConnection c = introduced(bothInside()).client(outgoingCallRequest(7))
                .server(outgoingCallReply(0, 107, 4));
        assertThat(sinceWelcome(c)).isEqualTo(outgoingCallReply(0, 7, 4));
        assertThat(c.calls()).isEmpty();
        c.server(outgoingCallReply(9, 107, CONNECTED));
        assertThat(c.calls()).isEmpty();
        assertThat(c.events()).containsEntry("not_understood", 1);
    }

    @Test
    void shouldEndAllCallsWhenTheControlConnectionStops() {
        ControlConnection c = introduced(clientInside()).client(outgoingCallRequest(7))
                .server(outgoingCallReply(9, 107, CONNECTED)).client(stopRequest());
        assertThat(c.calls()).isEmpty();
        c.server(stopReply()).client(outgoingCallRequest(8));
        assertThat(sinceHello(c)).as("after the end").endsWith(outgoingCallRequest(8));
        assertThat(c.events()).containsEntry("too_early", 1);
    }

    @Test
    void shouldFollowCallsWithoutItsNatHalf() {
        ControlConnection c = introduced(new ControlConnection(new PptpHelper(), null))
                .client(outgoingCallRequest(7)).server(outgoingCallReply(9, 7, CONNECTED));
        assertThat(sinceHello(c)).isEqualTo(outgoingCallRequest(7));
        assertThat(c.calls()).containsExactly(new AgreedCall(7, 7, 9, 9));
    }

    @Test
    void shouldOpenNothingBeforeTheGreeting() {
        ControlConnection c = clientInside().client(outgoingCallRequest(7))
                .server(outgoingCallReply(9, 107, CONNECTED));
        assertThat(c.atServer()).isEqualTo(outgoingCallRequest(7));
        assertThat(c.calls()).isEmpty();
        assertThat(c.events()).containsEntry("too_early", 2);
    }

    /** Only the side that connected asks, and only the other grants. */
    @Test
    void shouldOpenNothingWhenNobodyHasGrantedTheControlConnection() {
        ControlConnection refused = clientInside().client(HELLO).server(startReply(4)).client(outgoingCallRequest(7));
        assertThat(refused.atServer()).endsWith(outgoingCallRequest(7));
        ControlConnection alone = clientInside().client(HELLO + WELCOME).client(outgoingCallRequest(7));
        assertThat(alone.atServer()).endsWith(outgoingCallRequest(7));
        ControlConnection unasked = clientInside().server(WELCOME).client(HELLO).client(outgoingCallRequest(7));
        assertThat(unasked.atServer()).endsWith(outgoingCallRequest(7));
    }

    @Test
    void shouldReadMessagesThatAreCutAnywhere() {
        String both = outgoingCallRequest(7) + echoRequest(1) + setLinkInfo(1009) + callClearRequest(7);
        String expected = outgoingCallRequest(107) + echoRequest(1) + setLinkInfo(9) + callClearRequest(107);
        for (int first = 0; first <= both.length(); first++) {
            for (int second = first; second <= both.length(); second += 7) {
                ControlConnection c = introduced(bothInside());
                int request = outgoingCallRequest(7).length();
                c.client(both.substring(0, Math.min(first, request)));
                c.client(both.substring(Math.min(first, request), request));
                c.server(outgoingCallReply(9, 107, CONNECTED));
                int from = Math.max(first, request) - request;
                int to = Math.max(second, request) - request;
                c.client(both.substring(request), from, to);
                assertThat(sinceHello(c)).as("cut at %d and %d", first, second).isEqualTo(expected);
            }
        }
    }

    private static int[] everywhere(String text) {
        return IntStream.range(1, text.length()).toArray();
    }

    @Test
    void shouldReadOneByteAfterTheOther() {
        ControlConnection c = bothInside().client(HELLO, everywhere(HELLO)).server(WELCOME, everywhere(WELCOME));
        String request = outgoingCallRequest(7);
        String reply = outgoingCallReply(9, 107, CONNECTED);
        c.client(request, everywhere(request)).server(reply, everywhere(reply));
        assertThat(sinceWelcome(c)).isEqualTo(outgoingCallReply(1009, 7, CONNECTED));
        assertThat(c.calls()).hasSize(1);
    }

    @Test
    void shouldPassMessagesThatItDoesNotKnow() {
        ControlConnection c = introduced(bothInside());
        String unknown = Messages.other(16, 40) + Messages.other(0, 12) + Messages.other(7, 167)
                + Messages.other(8, 400);
        c.client(unknown, 1, 45, 60).client(outgoingCallRequest(7));
        assertThat(sinceHello(c)).isEqualTo(unknown + outgoingCallRequest(107));
        assertThat(c.events()).containsEntry("not_understood", 4);
        assertThat(c.isDetached()).isFalse();
    }

    @Test
    void shouldPassCallIdsOfCallsThatItDoesNotKnow() {
        ControlConnection c = introduced(bothInside());
        String told = outgoingCallReply(9, 55, CONNECTED) + incomingCallConnected(55) + callDisconnectNotify(9)
                + wanErrorNotify(55);
        c.server(told);
        assertThat(sinceWelcome(c)).isEqualTo(told);
        assertThat(c.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.0\r\n\r\n", "\0\13", "\0\234\0\1\32\53\74\115\0\1\0", "\0\234\0\1\32\52"})
    void shouldLetGoOfWhatIsNotPptp(String text) {
        ControlConnection c = clientInside().client(text + "\0" + HELLO).client(HELLO).client(HELLO);
        assertThat(c.isDetached()).isTrue();
        assertThat(c.atServer()).isEqualTo(text + "\0" + HELLO + HELLO + HELLO);
        assertThat(c.events()).containsEntry("not_pptp", 1);
    }

    @Test
    void shouldLetGoWhenTheBeginningOfAMessageHadToBePassedOn() {
        ControlConnection c = introduced(clientInside()).client(outgoingCallRequest(7).substring(0, 10));
        c.release(Direction.ORIGINAL).client(outgoingCallRequest(7).substring(10));
        assertThat(sinceHello(c)).isEqualTo(outgoingCallRequest(7));
        assertThat(c.isDetached()).isTrue();
        assertThat(c.events()).containsEntry("too_late", 1);
    }

    @Test
    void shouldRewriteNothingWhenThereAreTooManyCalls() {
        ControlConnection c = introduced(clientInside());
        for (int id = 1; id <= PptpHelper.MAX_CALLS; id++) {
            c.client(outgoingCallRequest(id)).server(outgoingCallReply(id, id + 100, CONNECTED));
        }
        c.client(outgoingCallRequest(99));
        assertThat(c.calls()).hasSize(PptpHelper.MAX_CALLS);
        assertThat(c.atServer()).endsWith(outgoingCallRequest(99));
        assertThat(c.events()).containsEntry("refused_full", 1);
    }

    @Test
    void shouldTakeACallIdThatIsUsedAgain() {
        ControlConnection c = introduced(clientInside());
        for (int i = 0; i < 200; i++) {
            c.client(outgoingCallRequest(7)).server(outgoingCallReply(i, 107, CONNECTED));
        }
        assertThat(c.calls()).containsExactly(new AgreedCall(7, 107, 199, 199));
    }
}
