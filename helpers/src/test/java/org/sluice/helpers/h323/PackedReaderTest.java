package org.sluice.helpers.h323;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PackedReaderTest {
    private static final int TPKT = 4;

    private static PackedReader reader(byte[] bytes, int offset, int length) {
        return new PackedReader(new UnsafeBuffer(bytes), offset, length);
    }

    private static List<String> fields(String name, String type, int offset) {
        byte[] bytes = Messages.bytes(name);
        PackedReader reader = reader(bytes, offset, bytes.length - offset);
        assertThat(reader.read(Types.named(type))).as("understood").isTrue();
        return reader.found().stream().filter(Found::isEndpoint)
                .map(f -> f.field() + " " + f.endpoint(new UnsafeBuffer(bytes)).address().getHostAddress()).toList();
    }

    @Test
    void shouldFindTheAddressesOfALogicalChannel() {
        assertThat(fields("olc", "H245-Message", TPKT)).containsExactly("mediaControlChannel 240.0.0.5");
        assertThat(fields("ack", "H245-Message", TPKT)).containsExactly("mediaChannel 240.0.0.4",
                "mediaControlChannel 240.0.0.5");
        assertThat(fields("olc-data", "H245-Message", TPKT)).containsExactly("localAreaAddress 240.0.0.4");
        assertThat(fields("olc-fax", "H245-Message", TPKT)).containsExactly("mediaChannel 240.0.0.4");
        assertThat(fields("capabilities", "H245-Message", TPKT)).isEmpty();
    }

    @Test
    void shouldFindTheAddressesOfRegistrationAndAdmission() {
        assertThat(fields("registration-request", "RasMessage", 0)).containsExactly("callSignalAddress 240.0.0.1",
                "rasAddress 240.0.0.2");
        assertThat(fields("registration-request6", "RasMessage", 0)).containsExactly(
                "callSignalAddress fd00:0:0:0:0:0:0:1",
                "rasAddress fd00:0:0:0:0:0:0:2");
        assertThat(fields("admission-request", "RasMessage", 0)).containsExactly("destCallSignalAddress 240.0.0.2",
                "srcCallSignalAddress 240.0.0.1");
        assertThat(fields("admission-confirm", "RasMessage", 0)).containsExactly("destCallSignalAddress 240.0.0.1");
        assertThat(fields("location-request", "RasMessage", 0)).containsExactly("replyAddress 240.0.0.2");
        assertThat(fields("location-confirm", "RasMessage", 0)).containsExactly("callSignalAddress 240.0.0.1",
                "rasAddress 240.0.0.2");
        assertThat(fields("info-request", "RasMessage", 0)).containsExactly("replyAddress 240.0.0.2");
        assertThat(fields("info-response", "RasMessage", 0)).containsExactly("rasAddress 240.0.0.2",
                "callSignalAddress 240.0.0.1");
        assertThat(fields("gatekeeper-request", "RasMessage", 0)).containsExactly("rasAddress 240.0.0.2");
        assertThat(fields("gatekeeper-confirm", "RasMessage", 0)).containsExactly("rasAddress 240.0.0.2");
    }

    @Test
    void shouldFindNothingInAMessageThatIsCut() {
        byte[] bytes = Messages.bytes("registration-request");
        for (int length = 0; length < 60; length++) {
            PackedReader reader = reader(bytes, 0, length);
            assertThat(reader.read(Types.named("RasMessage"))).as("cut at " + length).isFalse();
            assertThat(reader.found()).isEmpty();
        }
    }

    @Test
    void shouldReadNothingOutsideTheMessageWhateverItSays() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            PackedReader reader = reader(bytes, 0, bytes.length);
            reader.read(Types.named(random.nextBoolean() ? "RasMessage" : "H323-UserInformation"));
            for (Found f : reader.found()) {
                assertThat(f.offset() + f.length()).as("seed " + seed).isLessThanOrEqualTo(bytes.length);
            }
        }
    }

    /** A type that contained itself would make the depth unbounded. */
    @Test
    void shouldHaveNoTypeThatContainsItselfAndNoneThatIsMissing() {
        Types.all().forEach((name, type) -> {
            Deque<String> open = new ArrayDeque<>(List.of(name));
            visit(type, open);
        });
    }

    private static void visit(Type type, Deque<String> open) {
        switch (type) {
            case Type.Reference r -> {
                assertThat(open).as("types around " + r.name()).doesNotContain(r.name());
                open.addLast(r.name());
                visit(r.target(), open);
                open.removeLast();
            }
            case Type.Containing c -> visit(c.content(), open);
            case Type.ListOf l -> visit(l.element(), open);
            case Type.Structure s -> Stream.concat(s.root().stream(), s.additions().stream())
                    .filter(f -> f.type() != null).forEach(f -> visit(f.type(), open));
            case Type.Choice c -> Stream.concat(c.root().stream(), c.additions().stream())
                    .filter(f -> f.type() != null).forEach(f -> visit(f.type(), open));
            default -> {
                // holds nothing
            }
        }
    }
}
