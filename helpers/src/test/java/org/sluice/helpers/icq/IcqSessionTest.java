package org.sluice.helpers.icq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.helpers.icq.Messages.DIRECT_MESSAGES;
import static org.sluice.helpers.icq.Messages.cancel;
import static org.sluice.helpers.icq.Messages.flap;
import static org.sluice.helpers.icq.Messages.four;
import static org.sluice.helpers.icq.Messages.in;
import static org.sluice.helpers.icq.Messages.ip;
import static org.sluice.helpers.icq.Messages.listening;
import static org.sluice.helpers.icq.Messages.loginReply;
import static org.sluice.helpers.icq.Messages.out;
import static org.sluice.helpers.icq.Messages.proposal;
import static org.sluice.helpers.icq.Messages.signOn;
import static org.sluice.helpers.icq.Messages.signOnWithCookie;
import static org.sluice.helpers.icq.Messages.snac;
import static org.sluice.helpers.icq.Messages.status;
import static org.sluice.helpers.icq.Messages.tlv;
import static org.sluice.helpers.icq.Messages.two;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.testkit.Announced;
import org.sluice.helpers.testkit.ControlConnection;

/** Connections of an ICQ client to its server, with the client or the server behind the gateway. */
class IcqSessionTest {
    private static final String OWN = ControlConnection.CLIENT;
    private static final String SEEN = "198.51.100.1";
    private static final int PORT = 4000;
    private static final int SEEN_PORT = 14_000;

    private static ControlConnection untranslated() {
        return new ControlConnection(new IcqHelper(), new IcqNat());
    }

    private static ControlConnection clientInside() {
        return untranslated().translate(Direction.ORIGINAL, SEEN, port -> port + 10_000);
    }

    private static ControlConnection serverInside() {
        return untranslated().between("203.0.113.7", "10.77.0.2").translate(Direction.REPLY, SEEN);
    }

    private static ControlConnection signedOn(ControlConnection c) {
        return c.server(signOn()).client(signOnWithCookie());
    }

    private static String said(ControlConnection c) {
        return c.atServer().substring(signOnWithCookie().length());
    }

    private static String heard(ControlConnection c) {
        return c.atClient().substring(signOn().length());
    }

    @Test
    void shouldOpenWhereAFileIsOffered() {
        ControlConnection c = signedOn(clientInside()).client(out(proposal(OWN, PORT)));
        assertThat(said(c)).isEqualTo(out(proposal(SEEN, SEEN_PORT)));
        assertThat(c.expectations()).singleElement().satisfies(e -> {
            assertThat(e.listener()).isEqualTo(Direction.ORIGINAL);
            assertThat(e.peer()).isEqualTo(Peer.ANYONE);
            assertThat(e.to().port()).isEqualTo(PORT);
        });
    }

    @Test
    void shouldOpenWhereDirectMessagesAreOffered() {
        ControlConnection c = signedOn(clientInside())
                .client(out(proposal(0, DIRECT_MESSAGES, listening(OWN, PORT))));
        assertThat(said(c)).isEqualTo(out(proposal(0, DIRECT_MESSAGES, listening(SEEN, SEEN_PORT))));
        assertThat(c.expectations()).hasSize(1);
    }

    @Test
    void shouldReadAProposalWithItsInternalAddressOnly() {
        ControlConnection c = signedOn(clientInside())
                .client(out(proposal(0, Messages.FILE, tlv(3, ip(OWN)) + tlv(5, two(PORT)))));
        assertThat(said(c)).isEqualTo(out(proposal(0, Messages.FILE, tlv(3, ip(SEEN)) + tlv(5, two(SEEN_PORT)))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCloseWhenEitherCancels(boolean client) {
        ControlConnection c = signedOn(clientInside()).client(out(proposal(OWN, PORT)));
        if (client) {
            c.client(out(cancel()));
        } else {
            c.server(in(cancel()));
        }
        assertThat(c.expectations()).isEmpty();
    }

    @Test
    void shouldOpenWhereAClientAdvertisesDirectConnections() {
        ControlConnection c = signedOn(clientInside()).client(status(OWN, PORT));
        assertThat(said(c)).isEqualTo(status(SEEN, SEEN_PORT));
        c.client(status(OWN, PORT + 1));
        assertThat(c.expectations()).extracting(e -> e.to().port()).containsExactly(PORT + 1);
        c.client(status("0.0.0.0", 0));
        assertThat(c.expectations()).isEmpty();
    }

    @Test
    void shouldOpenTheSamePortOnlyOnce() {
        ControlConnection c = signedOn(clientInside()).client(status(OWN, PORT)).client(status(OWN, PORT));
        assertThat(c.expectations()).hasSize(1);
        assertThat(said(c)).isEqualTo(status(SEEN, SEEN_PORT).repeat(2));
    }

    @Test
    void shouldOpenNothingThatTheServerSaysOfOthers() {
        String said = in(proposal("203.0.113.5", PORT)) + in(proposal(OWN, PORT))
                + snac(2, 6, tlv(0x0C, ip(OWN) + four(PORT))) + snac(3, 0x0B, tlv(0x0C, ip(OWN) + four(PORT)));
        ControlConnection c = signedOn(clientInside()).server(said);
        assertThat(c.expectations()).isEmpty();
        assertThat(heard(c)).isEqualTo(said);
    }

    @Test
    void shouldOpenNothingThatIsNotTheSpeakersOwn() {
        String said = out(proposal("10.77.0.3", PORT)) + out(proposal(OWN, 22)) + out(proposal(OWN, 0))
                + status("10.77.0.3", PORT) + status(OWN, 1023) + status(OWN, 70_000);
        ControlConnection c = signedOn(clientInside()).client(said);
        assertThat(c.expectations()).isEmpty();
        assertThat(said(c)).isEqualTo(said);
    }

    @Test
    void shouldLeaveAProposalThroughAProxyAlone() {
        String said = out(proposal(0, Messages.FILE, listening(OWN, PORT) + tlv(0x10, "")));
        ControlConnection c = signedOn(clientInside()).client(said);
        assertThat(c.expectations()).isEmpty();
        assertThat(said(c)).isEqualTo(said);
    }

    @Test
    void shouldOpenNothingBeforeBothHaveSignedOn() {
        String said = out(proposal(OWN, PORT)) + status(OWN, PORT);
        ControlConnection alone = clientInside().client(signOnWithCookie() + said);
        assertThat(alone.expectations()).isEmpty();
        assertThat(said(alone)).isEqualTo(said);
        ControlConnection unanswered = clientInside().server(signOn()).client(said);
        assertThat(unanswered.expectations()).isEmpty();
        assertThat(unanswered.events()).containsEntry("too_early", 2);
    }

    @Test
    void shouldPassEverythingElse() {
        String said = flap(5, "") + snac(4, 6, four(0) + four(1) + two(1) + (char) 5 + "other" + tlv(2, "hello"))
                + out(tlv(5, "short")) + out(proposal(0, "00".repeat(16), listening(OWN, PORT)))
                + snac(1, 0x1E, tlv(0x0C, "ab")) + snac(4, 6, "") + flap(2, "abc") + flap(4, "");
        ControlConnection c = signedOn(clientInside()).client(said);
        assertThat(said(c)).isEqualTo(said);
        assertThat(c.expectations()).isEmpty();
        assertThat(c.isDetached()).isFalse();
        assertThat(c.events()).containsEntry("not_understood", 3);
    }

    @Test
    void shouldFollowWithoutItsNatHalf() {
        ControlConnection c = signedOn(new ControlConnection(new IcqHelper(), null)).client(out(proposal(OWN, PORT)));
        assertThat(said(c)).isEqualTo(out(proposal(OWN, PORT)));
        assertThat(c.expectations()).hasSize(1);
    }

    @Test
    void shouldFollowWhereNothingIsTranslated() {
        ControlConnection c = signedOn(untranslated()).client(out(proposal(OWN, PORT)) + status(OWN, PORT + 1));
        assertThat(said(c)).isEqualTo(out(proposal(OWN, PORT)) + status(OWN, PORT + 1));
        assertThat(c.expectations()).hasSize(2);
    }

    @Test
    void shouldTellTheClientWhereAServerInsideIsReached() {
        ControlConnection c = signedOn(serverInside()).server(loginReply("10.77.0.2:5190"));
        assertThat(heard(c)).isEqualTo(loginReply("198.51.100.1:5190"));
        assertThat(c.expectations()).as("the port is forwarded").isEmpty();

        ControlConnection old = signedOn(serverInside()).server(flap(4, tlv(5, "10.77.0.2:5190") + tlv(6, "cookie")));
        assertThat(heard(old)).isEqualTo(flap(4, tlv(5, "198.51.100.1:5190") + tlv(6, "cookie")));

        ControlConnection service = signedOn(serverInside())
                .server(snac(1, 5, tlv(0x0D, two(0x10)) + tlv(5, "10.77.0.2")));
        assertThat(heard(service)).isEqualTo(snac(1, 5, tlv(0x0D, two(0x10)) + tlv(5, "198.51.100.1")));
    }

    @Test
    void shouldReadTheServiceThatAClientIsSentOnTo() {
        ControlConnection c = signedOn(serverInside()).server(loginReply("10.77.0.2:5191"));
        Announced announced = c.expectations().getFirst();
        assertThat(heard(c)).isEqualTo(loginReply("198.51.100.1:5191"));
        assertThat(announced.listener()).isEqualTo(Direction.REPLY);
        ControlConnection next = signedOn(c.connect(announced)).client(out(proposal("203.0.113.7", PORT)));
        assertThat(next.expectations()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"login.example.org:5190", "203.0.113.9:5190", "10.77.0.2:99999", "300.1.1.1:5190", ""})
    void shouldLeaveOtherPlacesAlone(String place) {
        ControlConnection c = signedOn(serverInside()).server(loginReply(place));
        assertThat(heard(c)).isEqualTo(loginReply(place));
        assertThat(c.expectations()).isEmpty();
    }

    private static int[] everywhere(String text) {
        return IntStream.range(1, text.length()).toArray();
    }

    @Test
    void shouldReadFramesThatAreCutAnywhere() {
        String said = flap(5, "") + out(proposal(OWN, PORT)) + status(OWN, PORT + 1);
        String expected = flap(5, "") + out(proposal(SEEN, SEEN_PORT)) + status(SEEN, SEEN_PORT + 1);
        for (int cut = 0; cut <= said.length(); cut++) {
            ControlConnection c = signedOn(clientInside()).client(said, cut);
            assertThat(said(c)).as("cut at %d", cut).isEqualTo(expected);
            assertThat(c.expectations()).hasSize(2);
        }
        ControlConnection slow = signedOn(clientInside()).client(said, everywhere(said));
        assertThat(said(slow)).isEqualTo(expected);
    }

    @Test
    void shouldHoldNothingOfLongFrames() {
        String text = snac(4, 6, four(0) + four(1) + two(1) + "x".repeat(8000));
        String begun = flap(2, "x".repeat(60_000)).substring(0, 100);
        ControlConnection c = signedOn(clientInside()).client(begun);
        assertThat(c.held(Direction.ORIGINAL)).isEmpty();
        ControlConnection long1 = signedOn(clientInside()).client(text.substring(0, 50));
        assertThat(long1.held(Direction.ORIGINAL)).isEmpty();
        assertThat(long1.events()).containsEntry("too_long", 1);
        long1.client(text.substring(50) + out(proposal(OWN, PORT)));
        assertThat(long1.expectations()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.0\r\n\r\n", "*\0\0\0\0\0", "*\6\0\0\0\0"})
    void shouldLetGoOfWhatIsNotIcq(String text) {
        ControlConnection c = clientInside().client(text + signOn()).client(status(OWN, PORT));
        assertThat(c.isDetached()).isTrue();
        assertThat(c.atServer()).isEqualTo(text + signOn() + status(OWN, PORT));
        assertThat(c.events()).containsEntry("not_icq", 1);
    }

    @Test
    void shouldLetGoWhenTheBeginningOfAFrameHadToBePassedOn() {
        String said = status(OWN, PORT);
        ControlConnection c = signedOn(clientInside()).client(said.substring(0, 20));
        c.release(Direction.ORIGINAL).client(said.substring(20));
        assertThat(said(c)).isEqualTo(said);
        assertThat(c.isDetached()).isTrue();
        assertThat(c.events()).containsEntry("too_late", 1);
    }

    @Test
    void shouldOpenNoMoreThanItsBound() {
        ControlConnection c = signedOn(clientInside());
        for (int i = 0; i < 3 * IcqHelper.MAX_EXPECTATIONS; i++) {
            String own = out(proposal(OWN, PORT + i)).replace(four(42), four(1000 + i));
            c.client(own);
        }
        assertThat(c.expectations()).hasSize(IcqHelper.MAX_EXPECTATIONS);
    }
}
