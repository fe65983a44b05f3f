package org.sluice.slowpath.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Tcp;

/** What happens to single segments of an edited connection. */
class EditedConnectionTest {
    private static final int CLIENT = 1000;
    private static final int SERVER = 9000;
    private static final int PUSH = Tcp.ACK | Tcp.PSH;
    private static final int MAX_HELD = 64;

    private final List<Segment> sent = new ArrayList<>();
    private final Replacer replacer = new Replacer();
    private EditedConnection connection = new EditedConnection(replacer, MAX_HELD, 1500);
    private long now = 1;

    /** Replaces what stands before the first = of a line by what stands behind it; holds unfinished lines. */
    private static final class Replacer implements StreamReader {
        private final List<Throwable> failures = new ArrayList<>();
        private int skips;
        private Error onBytes;
        private RuntimeException onSkip;

        @Override
        public int onBytes(int direction, DirectBuffer b, int offset, int length, Edits edits) {
            if (onBytes != null) {
                throw onBytes;
            }
            String text = b.getStringWithoutLengthAscii(offset, length);
            int consumed = 0;
            for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', consumed)) {
                String line = text.substring(consumed, end + 1);
                int equals = line.indexOf('=');
                if (equals >= 0) {
                    byte[] with = line.substring(equals + 1).replace('\n', ' ').strip()
                            .getBytes(StandardCharsets.US_ASCII);
                    edits.replace(consumed, with.length == 0 ? line.length() : line.length() - 1,
                            new UnsafeBuffer(with), 0,
                            with.length);
                }
                consumed = end + 1;
            }
            return consumed;
        }

        @Override
        public void onSkip(int direction) {
            skips++;
            if (onSkip != null) {
                throw onSkip;
            }
        }

        @Override
        public void onFailure(Throwable cause) {
            failures.add(cause);
        }
    }

    @BeforeEach
    void begin() {
        take(Segment.make(0, Tcp.SYN, CLIENT - 1, 0, 65535, Segment.mssOption(100), new byte[0]), 0);
        take(Segment.make(1, Tcp.SYN | Tcp.ACK, SERVER - 1, CLIENT, 65535, Segment.mssOption(64), new byte[0]), 1);
        client(Tcp.ACK, 0, 0, "");
        sent.clear();
    }

    private void take(Segment s, int direction) {
        connection.onSegment(direction, s.packet(), 0, s.tcp(), s.packet().capacity(), now,
                (d, packet, ip, length) -> sent.add(Segment.read(packet, ip, length)));
    }

    private List<String> client(int flags, int sequence, int acknowledgement, String text) {
        sent.clear();
        take(Segment.data(0, flags, CLIENT + sequence, SERVER + acknowledgement, text), 0);
        return seen(CLIENT, SERVER);
    }

    private List<String> server(int flags, int sequence, int acknowledgement, String text) {
        sent.clear();
        take(Segment.data(1, flags, SERVER + sequence, CLIENT + acknowledgement, text), 1);
        return seen(SERVER, CLIENT);
    }

    private List<String> timer(long later) {
        sent.clear();
        now += later;
        if (connection.deadline() != Long.MAX_VALUE && now - connection.deadline() >= 0) {
            connection.onTimer(now, (d, packet, ip, length) -> sent.add(Segment.read(packet, ip, length)));
        }
        return seen(CLIENT, SERVER);
    }

    /** Sequence, acknowledgement, F and R when set, text; the numbers counted from the first data byte. */
    private List<String> seen(int own, int other) {
        return sent.stream()
                .map(s -> s.sequence() - own + " " + (s.acknowledgement() - other) + (s.has(Tcp.FIN) ? "F" : "")
                        + (s.has(Tcp.RST) ? "R" : "") + " " + s.text())
                .toList();
    }

    @Test
    void shouldMoveWhatFollowsALongerTextAndMoveAcknowledgementsBack() {
        assertThat(client(PUSH, 0, 0, "a=bcdef\n")).containsExactly("0 0 bcdef\n");
        assertThat(client(PUSH, 8, 0, "a=bcdefghijkl\n")).containsExactly("6 0 bcdefghijkl\n");
        assertThat(client(PUSH, 22, 0, "rest\n")).containsExactly("18 0 rest\n");
        assertThat(server(Tcp.ACK, 0, 23, "")).containsExactly("0 27 ");
        assertThat(client(PUSH, 27, 0, "x=123456789012345678901234567890\n").getFirst()).startsWith("23 0 1234");
        assertThat(server(Tcp.ACK, 0, 54, "")).containsExactly("0 60 ");
    }

    @Test
    void shouldAcknowledgeOnlyWhatWasBeforeAnEditOfWhichAPartHasCome() {
        client(PUSH, 0, 0, "plain\na=0123456789\n");
        assertThat(server(Tcp.ACK, 0, 9, "")).as("in the midst of it").containsExactly("0 6 ");
        assertThat(client(PUSH, 6, 0, "a=0123456789\n")).as("only the rest of it").containsExactly("9 0 3456789\n");
        assertThat(server(Tcp.ACK, 0, 17, "")).containsExactly("0 19 ");
    }

    @Test
    void shouldRepeatTheEditedTextHoweverTheSenderCutsItAnew() {
        client(PUSH, 0, 0, "aa=bbb\nplain\n");
        assertThat(client(PUSH, 0, 0, "aa=")).containsExactly("0 0 bbb");
        assertThat(client(PUSH, 3, 0, "bbb\npl")).containsExactly("0 0 bbb\npl");
        assertThat(client(PUSH, 9, 0, "ain\nnew\n")).containsExactly("6 0 ain\nnew\n");
    }

    @Test
    void shouldKeepTheWordingThatCameFirst() {
        client(PUSH, 0, 0, "aa=bbb\n");
        assertThat(client(PUSH, 0, 0, "QUIT;;\n")).containsExactly("0 0 bbb\n");
    }

    @Test
    void shouldMoveSelectiveAcknowledgements() {
        client(PUSH, 0, 0, "=bbb\n");
        client(PUSH, 5, 0, "one\n");
        client(PUSH, 9, 0, "two\n");
        sent.clear();
        byte[] sack = Segment.sackOption(List.of(new Segment.Block(CLIENT + 8, CLIENT + 12)));
        take(Segment.make(1, Tcp.ACK, SERVER, CLIENT + 4, 500, sack, new byte[0]), 1);
        assertThat(sent.getFirst().sack()).containsExactly(new Segment.Block(CLIENT + 9, CLIENT + 13));
    }

    @Test
    void shouldShrinkASelectiveAcknowledgementToWhatIsWholeAndDropAnEmptyOne() {
        client(PUSH, 0, 0, "one\n");
        client(PUSH, 4, 0, "=0123456789\n");
        sent.clear();
        byte[] sack = Segment.sackOption(List.of(new Segment.Block(CLIENT + 6, CLIENT + 9)));
        take(Segment.make(1, Tcp.ACK, SERVER, CLIENT, 500, sack, new byte[0]), 1);
        assertThat(sent.getFirst().sack()).isEmpty();
    }

    @Test
    void shouldHoldTheBeginningOfALineUnacknowledgedAndPassItWhenItsEndStaysAway() {
        assertThat(client(PUSH, 0, 0, "one\na=")).containsExactly("0 0 one\n");
        assertThat(timer(StreamLimits.HOLD_NS - 1)).isEmpty();
        assertThat(timer(1)).containsExactly("4 0 a=");
        assertThat(replacer.skips).isEqualTo(1);
        assertThat(connection.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    /** Linux says nothing new once it repeats, until something is acknowledged. */
    @Test
    void shouldRelieveASenderThatRepeatsWhatIsHeld() {
        server(PUSH, 0, 0, "hello\n");
        client(PUSH, 0, 6, "one\na=");
        assertThat(clientIsTold(4, "a=")).isEqualTo("ACK 6 from 6");
        assertThat(clientIsTold(4, "a=")).as("again, for it may have got lost").isEqualTo("ACK 6 from 6");
        assertThat(server(Tcp.ACK, 6, 4, "")).as("never less").containsExactly("6 6 ");
        assertThat(client(PUSH, 6, 6, "bcd")).isEmpty();
        assertThat(clientIsTold(6, "bcd")).isEqualTo("ACK 9 from 6");
        assertThat(client(PUSH, 9, 6, "\n")).containsExactly("4 6 bcd\n");
        assertThat(server(Tcp.ACK, 6, 8, "")).containsExactly("6 10 ");
        assertThat(connection.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldRepeatItselfWhatTheSenderWasRelievedOf() {
        server(PUSH, 0, 0, "hello\n");
        client(PUSH, 0, 6, "a=b");
        clientIsTold(0, "a=b");
        assertThat(client(PUSH, 3, 6, "c\n")).containsExactly("0 6 bc\n");
        assertThat(timer(StreamLimits.REPEAT_NS)).as("up to where it was relieved").containsExactly("0 6 bc");
        assertThat(timer(StreamLimits.REPEAT_NS)).isEmpty();
        assertThat(timer(StreamLimits.REPEAT_NS)).containsExactly("0 6 bc");
        server(Tcp.ACK, 6, 2, "");
        assertThat(connection.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldRepeatWhatWasPassedOnBecauseItsEndStayedAway() {
        server(PUSH, 0, 0, "hello\n");
        client(PUSH, 0, 6, "a=b");
        clientIsTold(0, "a=b");
        assertThat(timer(StreamLimits.HOLD_NS)).containsExactly("0 6 a=b");
        int repeated = 0;
        for (long deadline = connection.deadline(); deadline != Long.MAX_VALUE; deadline = connection.deadline()) {
            assertThat(timer(deadline - now)).containsExactly("0 6 a=b");
            repeated++;
        }
        assertThat(repeated).as("then the receiver is given up").isEqualTo(StreamLimits.REPEATS);
    }

    @Test
    void shouldRelieveNobodyOfWhatIsNotHeldOrBeforeTheOtherSideHasSpoken() {
        client(PUSH, 0, 0, "a=");
        assertThat(client(PUSH, 0, 0, "a=")).as("there is only its SYN to go by").isEmpty();
        server(PUSH, 0, 0, "hello\n");
        assertThat(client(PUSH, 0, 6, "a=b\n")).as("more of it").containsExactly("0 6 b\n");
        assertThat(client(PUSH, 0, 6, "a=b\n")).containsExactly("0 6 b\n");
    }

    @Test
    void shouldAnswerWithTheTimeOfTheSegmentItAnswers() {
        sent.clear();
        take(Segment.make(1, PUSH, SERVER, CLIENT, 500, Segment.timestampOption(77), new byte[]{'\n'}), 1);
        Segment held = Segment.make(0, PUSH, CLIENT, SERVER + 1, 500, Segment.timestampOption(4711), new byte[]{'a'});
        take(held, 0);
        sent.clear();
        take(held, 0);
        byte[] options = new byte[12];
        sent.getFirst().packet().getBytes(40, options);
        byte[] expected = Segment.timestampOption(77);
        expected[expected.length - 2] = (byte) (4711 >> 8);
        expected[expected.length - 1] = (byte) 4711;
        assertThat(options).isEqualTo(expected);
    }

    /** @return what the client is told when it repeats something. */
    private String clientIsTold(int sequence, String text) {
        client(PUSH, sequence, 6, text);
        assertThat(sent).hasSize(1);
        Segment s = sent.getFirst();
        assertThat(s.text()).isEmpty();
        return "ACK " + (s.acknowledgement() - CLIENT) + " from " + (s.sequence() - SERVER);
    }

    @Test
    void shouldGiveEachHeldBeginningItsFullTime() {
        client(PUSH, 0, 0, "a=");
        now += StreamLimits.HOLD_NS - 1;
        assertThat(client(PUSH, 2, 0, "b\nc=")).containsExactly("0 0 b\n");
        assertThat(timer(StreamLimits.HOLD_NS - 1)).isEmpty();
        assertThat(client(PUSH, 6, 0, "d\n")).containsExactly("2 0 d\n");
    }

    @Test
    void shouldPassALineThatIsTooLongToHold() {
        String text = "x".repeat(MAX_HELD + 1);
        assertThat(String.join("", client(PUSH, 0, 0, text)))
                .isEqualTo("0 0 " + text.substring(0, 64) + "64 0 " + text.substring(64));
        assertThat(replacer.skips).isEqualTo(1);
    }

    @Test
    void shouldPassAcknowledgementAndWindowOfASegmentWhoseDataIsHeld() {
        assertThat(client(PUSH, 0, 5, "a=")).as("new acknowledgement").containsExactly("0 5 ");
        sent.clear();
        take(Segment.data(0, PUSH, CLIENT, SERVER + 5, "a=").window(1000), 0);
        assertThat(seen(CLIENT, SERVER)).as("new window").containsExactly("0 5 ");
    }

    @Test
    void shouldPutSegmentsInOrder() {
        assertThat(client(PUSH, 4, 0, "two\n")).isEmpty();
        assertThat(client(PUSH, 0, 0, "one\n")).containsExactly("0 0 one\ntwo\n");
    }

    @Test
    void shouldCutWhatHasGrownToTheReceiversSegments() {
        String text = "0123456789".repeat(7);
        assertThat(client(PUSH, 0, 0, "=" + text + "\n")).containsExactly("0 0 " + text.substring(0, 64),
                "64 0 " + text.substring(64) + "\n");
        assertThat(sent.get(0).has(Tcp.PSH)).isFalse();
        assertThat(sent.get(1).has(Tcp.PSH)).isTrue();
    }

    @Test
    void shouldHaveALineAcknowledgedOfWhichNothingWasLeft() {
        client(PUSH, 0, 0, "one\n");
        server(Tcp.ACK, 0, 4, "");
        client(PUSH, 4, 0, "gone=\n");
        assertThat(client(PUSH, 4, 0, "gone=\n")).as("asks the receiver where it is").containsExactly("3 0 ");
        assertThat(server(Tcp.ACK, 0, 4, "")).containsExactly("0 10 ");
    }

    @Test
    void shouldAskAgainWhereTheReceiverIsWhenItsAcknowledgementWasLost() {
        client(PUSH, 0, 0, "aa=bbb\n");
        server(Tcp.ACK, 0, 4, "");
        assertThat(client(PUSH, 0, 0, "aa=bbb\n")).containsExactly("3 0 ");
        assertThat(server(Tcp.ACK, 0, 4, "")).containsExactly("0 7 ");
    }

    @Test
    void shouldMoveFinAndRepeatIt() {
        client(PUSH, 0, 0, "aa=b\n");
        assertThat(client(PUSH | Tcp.FIN, 5, 0, "bye")).as("what is held goes with it").containsExactly("2 0F bye");
        assertThat(client(PUSH | Tcp.FIN, 5, 0, "bye")).containsExactly("2 0F bye");
        assertThat(server(Tcp.ACK, 0, 6, "")).containsExactly("0 9 ");
        assertThat(client(Tcp.ACK, 9, 0, "")).containsExactly("6 0 ");
    }

    @Test
    void shouldNotBeConfusedByDataBehindFin() {
        client(PUSH | Tcp.FIN, 0, 0, "one\n");
        assertThat(client(PUSH, 0, 0, "one\nmore")).containsExactly("0 0 one\n");
        assertThat(client(PUSH, 4, 0, "more")).hasSizeLessThanOrEqualTo(1);
        assertThat(client(PUSH, 5, 0, "more")).isEmpty();
    }

    @Test
    void shouldNotBeginAnewWhenACopyOfTheHandshakeComesLate() {
        client(PUSH, 0, 0, "aa=b\n");
        server(PUSH, 0, 2, "220 hello\n");
        sent.clear();
        take(Segment.make(1, Tcp.SYN | Tcp.ACK, SERVER - 1, CLIENT, 65535, Segment.mssOption(64), new byte[0]), 1);
        take(Segment.make(1, Tcp.SYN | Tcp.ACK, SERVER + 12345, CLIENT, 65535, Segment.mssOption(64), new byte[0]), 1);
        take(Segment.make(0, Tcp.SYN, CLIENT + 777, 0, 65535, Segment.mssOption(64), new byte[0]), 0);
        assertThat(sent).hasSize(3);
        assertThat(client(PUSH, 5, 10, "two\n")).containsExactly("2 10 two\n");
        assertThat(server(PUSH, 10, 6, "ok\n")).containsExactly("10 9 ok\n");
    }

    @Test
    void shouldFollowASenderThatBeginsAnewBeforeItWasAnswered() {
        connection = new EditedConnection(replacer, MAX_HELD, 1500);
        take(Segment.make(0, Tcp.SYN, 5, 0, 65535, Segment.mssOption(100), new byte[0]), 0);
        begin();
        assertThat(client(PUSH, 0, 0, "aa=b\n")).containsExactly("0 0 b\n");
    }

    @Test
    void shouldNotMakeAForgedResetFit() {
        client(PUSH, 0, 0, "aa=b\n");
        assertThat(client(Tcp.RST, 100_000, 0, "")).containsExactly("99997 0R ");
        assertThat(client(PUSH, 5, 0, "two\n")).as("goes on").containsExactly("2 0 two\n");
        assertThat(client(Tcp.RST, 9, 0, "")).containsExactly("6 0R ");
    }

    @Test
    void shouldSayNothingMoreAfterAReset() {
        client(PUSH, 0, 0, "a=");
        assertThat(client(Tcp.RST | Tcp.ACK, 2, 0, "")).as("fits what the receiver has").containsExactly("0 0R ");
        assertThat(timer(StreamLimits.HOLD_NS)).isEmpty();
    }

    @Test
    void shouldIgnoreDataAndFinFarAhead() {
        int far = StreamLimits.OUT_OF_ORDER_BYTES + 1;
        client(PUSH | Tcp.FIN, far, 0, "x");
        for (int i = 0; i < StreamLimits.RETAINED_BYTES; i += 1000) {
            client(PUSH, i, 0, "y".repeat(999) + "\n");
            assertThat(sent).isNotEmpty().noneMatch(s -> s.has(Tcp.FIN));
            server(Tcp.ACK, 0, i + 1000, "");
        }
    }

    @Test
    void shouldTakeNoMoreThanItCanRepeat() {
        int i = 0;
        while (!client(PUSH, i, 0, "y".repeat(999) + "\n").isEmpty()) {
            i += 1000;
            assertThat(i).isLessThanOrEqualTo(StreamLimits.RETAINED_BYTES + 1000);
        }
        assertThat(client(PUSH, 0, 0, "y".repeat(20))).as("the first is still known")
                .containsExactly("0 0 " + "y".repeat(20));
        server(Tcp.ACK, 0, 1000, "");
        assertThat(client(PUSH, i, 0, "on\n")).as("goes on once some was acknowledged").containsExactly(i + " 0 on\n");
    }

    @Test
    void shouldMoveTheUrgentPointer() {
        client(PUSH, 0, 0, "aa=b\n");
        sent.clear();
        take(Segment.data(0, PUSH, CLIENT + 5, SERVER, "\u00ff\u00f4\u00ff\u00f2ABOR\n").urgent(4), 0);
        assertThat(sent.getFirst().has(Tcp.URG)).isTrue();
        assertThat(sent.getFirst().urgentPointer()).isEqualTo(4);
        assertThat(sent.getFirst().sequence()).isEqualTo(CLIENT + 2);
    }

    /** RFC 959 section 4.1.3: ABOR behind Telnet's synch, here in one segment with a command that grew. */
    @Test
    void shouldMoveTheUrgentPointerByWhatGrewBeforeItInTheSameSegment() {
        String synch = "\u00ff\u00f4\u00ff\u00f2";
        Segment s = Segment.data(0, PUSH, CLIENT, SERVER, "a=bcdef\n" + synch + "ABOR\n").urgent(12);
        sent.clear();
        take(s, 0);
        assertThat(sent.getFirst().text()).isEqualTo("bcdef\n" + synch + "ABOR\n");
        assertThat(sent.getFirst().urgentPointer()).as("behind the mark").isEqualTo(10);
        sent.clear();
        take(s, 0);
        assertThat(sent.getFirst().urgentPointer()).as("repeated").isEqualTo(10);
    }

    @Test
    void shouldSayWhereUrgentDataEndsThoughItsEndIsHeld() {
        sent.clear();
        take(Segment.data(0, PUSH, CLIENT, SERVER, "a=bcdef\na=").urgent(10), 0);
        assertThat(sent.getFirst().text()).isEqualTo("bcdef\n");
        assertThat(sent.getFirst().urgentPointer()).isEqualTo(8);
        timer(StreamLimits.HOLD_NS);
        assertThat(sent.getFirst().text()).isEqualTo("a=");
        assertThat(sent.getFirst().urgentPointer()).isEqualTo(2);
    }

    /** A sender that finds the window closed tells of urgent data without sending any. */
    @Test
    void shouldPassAnUrgentPointerWithoutData() {
        client(PUSH, 0, 0, "aa=b\n");
        sent.clear();
        take(Segment.data(0, Tcp.ACK, CLIENT + 5, SERVER, "").urgent(4), 0);
        assertThat(sent.getFirst().has(Tcp.URG)).isTrue();
        assertThat(sent.getFirst().urgentPointer()).isEqualTo(4);
        client(PUSH, 5, 0, "abc!plain\n");
        assertThat(sent.getFirst().urgentPointer()).as("still ahead").isEqualTo(4);
        client(PUSH, 15, 0, "more\n");
        assertThat(sent.getFirst().has(Tcp.URG)).isFalse();
    }

    @Test
    void shouldNotBelieveAnUrgentPointerFromFarAhead() {
        sent.clear();
        take(Segment.data(0, PUSH, CLIENT + (1 << 20), SERVER, "x").urgent(1), 0);
        client(PUSH, 0, 0, "one\n");
        assertThat(sent.getFirst().has(Tcp.URG)).isFalse();
    }

    @Test
    void shouldPassDataThatComesWithTheSynUnread() {
        connection = new EditedConnection(replacer, MAX_HELD, 1500);
        sent.clear();
        take(Segment.make(0, Tcp.SYN, CLIENT - 1, 0, 65535, Segment.mssOption(100),
                "a=b\n".getBytes(StandardCharsets.US_ASCII)), 0);
        take(Segment.make(0, Tcp.SYN, CLIENT - 1, 0, 65535, Segment.mssOption(100),
                "a=b\n".getBytes(StandardCharsets.US_ASCII)), 0);
        assertThat(sent).hasSize(2).allMatch(s -> s.text().equals("a=b\n") && s.sequence() == CLIENT - 1);
        take(Segment.make(1, Tcp.SYN | Tcp.ACK, SERVER - 1, CLIENT, 65535, Segment.mssOption(64), new byte[0]), 1);
        assertThat(client(PUSH, 0, 0, "a=b\n")).as("the server had not taken it").containsExactly("0 0 a=b\n");
    }

    @Test
    void shouldBecomeTransparentWhenNobodyReadsAndNothingWasChanged() {
        client(PUSH, 0, 0, "one\n");
        connection.detach();
        assertThat(connection.isTransparent()).as("unacknowledged").isFalse();
        server(Tcp.ACK, 0, 4, "");
        assertThat(connection.isTransparent()).isTrue();
    }

    @Test
    void shouldGoOnCorrectingNumbersWhenNobodyReads() {
        client(PUSH, 0, 0, "aa=b\n");
        server(Tcp.ACK, 0, 2, "");
        connection.detach();
        assertThat(connection.isTransparent()).isFalse();
        assertThat(client(PUSH, 5, 0, "x=y\nz=")).containsExactly("2 0 x=y\nz=");
        assertThat(server(Tcp.ACK, 0, 8, "")).containsExactly("0 11 ");
    }

    @Test
    void shouldPassWhatIsHeldSoonWhenNobodyReadsAnyMore() {
        client(PUSH, 0, 0, "a=");
        connection.detach();
        assertThat(timer(0)).containsExactly("0 0 a=");
        assertThat(replacer.skips).isZero();
    }

    @Test
    void shouldPassAllBytesOfAReaderThatFails() {
        client(PUSH, 0, 0, "aa=b\nc=");
        replacer.onBytes = new NoClassDefFoundError("a helper's jar is incomplete");
        assertThat(client(PUSH, 7, 0, "d\ne=")).containsExactly("2 0 c=d\ne=");
        assertThat(replacer.failures).containsExactly(replacer.onBytes);
        assertThat(client(PUSH, 11, 0, "f\n")).containsExactly("8 0 f\n");
    }

    @Test
    void shouldPassAllBytesOfAReaderThatFailsWhenBytesWereSkipped() {
        replacer.onSkip = new IllegalStateException("not prepared for it");
        client(PUSH, 0, 0, "a=");
        assertThat(timer(StreamLimits.HOLD_NS)).containsExactly("0 0 a=");
        assertThat(replacer.failures).containsExactly(replacer.onSkip);
    }
}
