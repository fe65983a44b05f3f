package org.sluice.helpers.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.helpers.talk.TalkMessage.ANNOUNCE;
import static org.sluice.helpers.talk.TalkMessage.DELETE;
import static org.sluice.helpers.talk.TalkMessage.LEAVE_INVITE;
import static org.sluice.helpers.talk.TalkMessage.LOOK_UP;
import static org.sluice.helpers.talk.TalkMessage.NOT_HERE;
import static org.sluice.helpers.talk.TalkMessage.SUCCESS;
import static org.sluice.helpers.talk.TalkMessage.endpoint;
import static org.sluice.helpers.talk.TalkMessage.ntalkRequest;
import static org.sluice.helpers.talk.TalkMessage.ntalkResponse;
import static org.sluice.helpers.talk.TalkMessage.talkRequest;
import static org.sluice.helpers.talk.TalkMessage.talkResponse;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.helpers.spi.Endpoint;

class TalkSessionTest {
    private static final Endpoint NOWHERE = endpoint("0.0.0.0", 0);
    private static final Endpoint INNER = endpoint("10.77.0.2", 40_000);
    private static final Endpoint INNER_SEEN = endpoint("198.51.100.1", 41_000);
    private static final Endpoint INNER_LISTENS = endpoint("10.77.0.2", 5000);
    private static final Endpoint INNER_LISTENS_SEEN = endpoint("198.51.100.1", 5000 + TalkFlow.SHIFT);
    private static final Endpoint OUTER = endpoint("198.51.100.2", 42_000);
    private static final Endpoint OUTER_LISTENS = endpoint("198.51.100.2", 6000);
    private static final Endpoint THIRD_LISTENS = endpoint("10.77.0.9", 5000);

    private final TalkFlow outwards = outwards(518);
    private final TalkFlow inwards = inwards(518);

    private static TalkFlow outwards(int port) {
        Endpoint daemon = endpoint("198.51.100.2", port);
        return new TalkFlow(INNER, INNER_SEEN, daemon, daemon);
    }

    private static TalkFlow inwards(int port) {
        return new TalkFlow(OUTER, OUTER, endpoint("10.77.0.2", port), endpoint("198.51.100.1", port));
    }

    private void greet() {
        outwards.request(ntalkRequest(LOOK_UP, NOWHERE, INNER));
        outwards.response(ntalkResponse(LOOK_UP, NOT_HERE, NOWHERE));
    }

    @Test
    void shouldHaveTheDaemonAnswerToTheAddressOutside() {
        for (int type : new int[]{LEAVE_INVITE, LOOK_UP, DELETE}) {
            assertThat(outwards.request(ntalkRequest(type, INNER_LISTENS, INNER)))
                    .isEqualTo(ntalkRequest(type, INNER_LISTENS, INNER_SEEN));
        }
        assertThat(outwards.expected).isEmpty();
    }

    @Test
    void shouldExpectTheConversationAndTheQuestionWhenACallerInsideAnnounces() {
        greet();

        assertThat(outwards.request(ntalkRequest(ANNOUNCE, INNER_LISTENS, INNER)))
                .isEqualTo(ntalkRequest(ANNOUNCE, INNER_LISTENS_SEEN, INNER_SEEN));
        assertThat(outwards.expected).containsExactly("TCP OTHER_SIDE 10.77.0.2:5000", "UDP OTHER_SIDE 10.77.0.2:518");
    }

    @Test
    void shouldExpectTheConversationWhenADaemonInsideTellsOfAnInvitation() {
        byte[] question = ntalkRequest(LOOK_UP, NOWHERE, OUTER);

        assertThat(inwards.request(question)).isEqualTo(question);
        assertThat(inwards.response(ntalkResponse(LOOK_UP, SUCCESS, INNER_LISTENS)))
                .isEqualTo(ntalkResponse(LOOK_UP, SUCCESS, INNER_LISTENS_SEEN));
        assertThat(inwards.expected).containsExactly("TCP OTHER_SIDE 10.77.0.2:5000");
    }

    @Test
    void shouldRewriteNothingOfACallerOutsideButExpectWhatItAnnounces() {
        inwards.request(ntalkRequest(LOOK_UP, NOWHERE, OUTER));
        inwards.response(ntalkResponse(LOOK_UP, NOT_HERE, NOWHERE));
        byte[] announcement = ntalkRequest(ANNOUNCE, OUTER_LISTENS, OUTER);

        assertThat(inwards.request(announcement)).isEqualTo(announcement);
        assertThat(inwards.expected)
                .containsExactly("TCP OTHER_SIDE 198.51.100.2:6000", "UDP OTHER_SIDE 198.51.100.2:518");
    }

    @Test
    void shouldExpectTheConversationOfACalleeInside() {
        byte[] answer = ntalkResponse(LOOK_UP, SUCCESS, OUTER_LISTENS);
        outwards.request(ntalkRequest(LOOK_UP, NOWHERE, INNER));

        assertThat(outwards.response(answer)).isEqualTo(answer);
        assertThat(outwards.expected).containsExactly("TCP OTHER_SIDE 198.51.100.2:6000");
    }

    @Test
    void shouldDoTheSameForTheOldFormat() {
        TalkFlow flow = outwards(517);

        assertThat(flow.request(talkRequest(LOOK_UP, NOWHERE, INNER)))
                .isEqualTo(talkRequest(LOOK_UP, NOWHERE, INNER_SEEN));
        flow.response(talkResponse(LOOK_UP, NOT_HERE, NOWHERE));
        assertThat(flow.request(talkRequest(ANNOUNCE, INNER_LISTENS, INNER)))
                .isEqualTo(talkRequest(ANNOUNCE, INNER_LISTENS_SEEN, INNER_SEEN));
        assertThat(flow.expected).containsExactly("TCP OTHER_SIDE 10.77.0.2:5000", "UDP OTHER_SIDE 10.77.0.2:517");
    }

    @Test
    void shouldReadAnAnswerInTheFormatOfTheQuestion() {
        TalkFlow flow = inwards(517);
        flow.request(talkRequest(LOOK_UP, NOWHERE, OUTER));

        assertThat(flow.response(talkResponse(LOOK_UP, SUCCESS, INNER_LISTENS)))
                .isEqualTo(talkResponse(LOOK_UP, SUCCESS, INNER_LISTENS_SEEN));
        assertThat(flow.expected).containsExactly("TCP OTHER_SIDE 10.77.0.2:5000");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 24})
    void shouldTakeTheFamilyInEitherByteOrder(int sockaddr) {
        byte[] announcement = ntalkRequest(ANNOUNCE, INNER_LISTENS, INNER);
        byte[] rewritten = ntalkRequest(ANNOUNCE, INNER_LISTENS_SEEN, INNER_SEEN);
        for (byte[] message : new byte[][]{announcement, rewritten}) {
            message[sockaddr] = 2;
            message[sockaddr + 1] = 0;
        }
        greet();

        assertThat(outwards.request(announcement)).isEqualTo(rewritten);
    }

    @Test
    void shouldExpectTheAnswerAtAnotherPortThanTheQuestionCameFrom() {
        outwards.request(ntalkRequest(LOOK_UP, NOWHERE, INNER_LISTENS));

        assertThat(outwards.expected).containsExactly("UDP OTHER_SIDE 10.77.0.2:5000");
    }

    @Test
    void shouldNotBelieveAnAnnouncementBeforeTheDaemonHasAnswered() {
        outwards.request(ntalkRequest(LOOK_UP, NOWHERE, INNER));

        assertThat(outwards.request(ntalkRequest(ANNOUNCE, INNER_LISTENS, INNER)))
                .isEqualTo(ntalkRequest(ANNOUNCE, INNER_LISTENS, INNER_SEEN));
        assertThat(outwards.expected).isEmpty();
        assertThat(outwards.counted).containsExactly("too_early");
    }

    @Test
    void shouldNotBelieveAnAnswerThatNobodyAskedFor() {
        byte[] answer = ntalkResponse(LOOK_UP, SUCCESS, INNER_LISTENS);

        assertThat(inwards.response(answer)).isEqualTo(answer);
        inwards.request(ntalkRequest(DELETE, NOWHERE, OUTER));
        assertThat(inwards.response(answer)).isEqualTo(answer);
        assertThat(inwards.expected).isEmpty();
    }

    @Test
    void shouldOpenNothingWhenTheDaemonKnowsOfNoInvitation() {
        byte[] answer = ntalkResponse(LOOK_UP, NOT_HERE, INNER_LISTENS);
        inwards.request(ntalkRequest(LOOK_UP, NOWHERE, OUTER));

        assertThat(inwards.response(answer)).isEqualTo(answer);
        assertThat(inwards.expected).isEmpty();
    }

    @Test
    void shouldOpenNothingForAnotherHost() {
        greet();
        byte[] announcement = ntalkRequest(ANNOUNCE, THIRD_LISTENS, THIRD_LISTENS);

        assertThat(outwards.request(announcement)).isEqualTo(announcement);
        assertThat(outwards.expected).containsExactly("refused TCP OTHER_SIDE 10.77.0.9:5000");
        inwards.request(ntalkRequest(LOOK_UP, NOWHERE, OUTER));
        byte[] answer = ntalkResponse(LOOK_UP, SUCCESS, THIRD_LISTENS);
        assertThat(inwards.response(answer)).isEqualTo(answer);
        assertThat(inwards.expected).containsExactly("refused TCP OTHER_SIDE 10.77.0.9:5000");
    }

    @Test
    void shouldPassMessagesOfAnotherLengthUnchanged() {
        greet();
        byte[] announcement = ntalkRequest(ANNOUNCE, INNER_LISTENS, INNER);

        for (int length = 1; length < 200; length++) {
            byte[] other = Arrays.copyOf(announcement, length);
            if (length != announcement.length) {
                assertThat(outwards.request(other)).isEqualTo(other);
                assertThat(outwards.response(other)).isEqualTo(other);
            }
        }
        assertThat(outwards.expected).isEmpty();
    }

    /** Version, type, first letters of both names, a control character in a name. */
    @ParameterizedTest
    @ValueSource(strings = {"0=2", "0=0", "1=4", "1=255", "44=0", "56=0", "45=7", "57=127", "46=155"})
    void shouldPassWhatIsNotWellFormedUnchanged(String fault) {
        greet();
        byte[] announcement = ntalkRequest(ANNOUNCE, INNER_LISTENS, INNER);
        String[] at = fault.split("=", -1);
        announcement[Integer.parseInt(at[0])] = (byte) Integer.parseInt(at[1]);

        assertThat(outwards.request(announcement)).isEqualTo(announcement);
        assertThat(outwards.expected).isEmpty();
        assertThat(outwards.counted).containsExactly("not_understood");
    }

    @Test
    void shouldLeaveAddressesOfOtherFamiliesAlone() {
        greet();
        byte[] announcement = ntalkRequest(ANNOUNCE, INNER_LISTENS, INNER);
        announcement[9] = 10;
        announcement[25] = 10;

        assertThat(outwards.request(announcement)).isEqualTo(announcement);
        assertThat(outwards.expected).isEmpty();
    }

    @Test
    void shouldTakeNamesThatFillTheirFields() {
        byte[] question = ntalkRequest(LOOK_UP, NOWHERE, INNER);
        byte[] rewritten = ntalkRequest(LOOK_UP, NOWHERE, INNER_SEEN);
        Arrays.fill(question, 44, 68, (byte) 'x');
        Arrays.fill(rewritten, 44, 68, (byte) 'x');

        assertThat(outwards.request(question)).isEqualTo(rewritten);
    }

    @Test
    void shouldOpenNothingButItsOwnWhateverTheBytesAre() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] message = random.nextBoolean()
                    ? ntalkRequest(random.nextInt(5), INNER_LISTENS, INNER)
                    : ntalkResponse(random.nextInt(5), random.nextInt(3), OUTER_LISTENS);
            for (int n = random.nextInt(4); n > 0; n--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt();
            }
            byte[] passed = random.nextBoolean() ? outwards.request(message) : outwards.response(message);
            assertThat(passed).as("seed %d, message %d", seed, i).hasSameSizeAs(message);
        }
        assertThat(outwards.expected).as("seed %d", seed).anyMatch(e -> e.startsWith("TCP OTHER_SIDE"))
                .allMatch(e -> e.contains(" OTHER_SIDE "));
    }
}
