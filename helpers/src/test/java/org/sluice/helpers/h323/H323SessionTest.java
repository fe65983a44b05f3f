package org.sluice.helpers.h323;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.helpers.h323.Messages.message;

import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Transport;
import org.sluice.helpers.testkit.Announced;
import org.sluice.helpers.testkit.ControlConnection;

/** The client 10.77.0.2 is seen as 198.51.100.1 with ports 1000 higher; the server is 198.51.100.2. */
class H323SessionTest {
    private static final String OWN = "10.77.0.2:";
    private static final String SEEN = "198.51.100.1:";
    private static final String PEER = "198.51.100.2:";
    private static final String SETUP = message("setup", OWN + "1720", PEER + "1720");
    private static final String SETUP_SEEN = message("setup", SEEN + "41000", PEER + "1720");

    private final ControlConnection call = connection(Transport.TCP, Map.of());
    private final ControlConnection ras = connection(Transport.UDP, Map.of());

    private static ControlConnection connection(Transport transport, Map<String, String> options) {
        return new ControlConnection(new H323Helper(), new H323Nat(), options, transport)
                .translate(Direction.ORIGINAL, "198.51.100.1", p -> p + 1000);
    }

    private static String fastStart(String host, int port) {
        return message("setup-faststart", host + (port == 5000 ? 1720 : 41000), PEER + "1720", null, host + port,
                host + (port + 1), host + (port + 2), host + (port + 3));
    }

    @Test
    void shouldExpectTheMediaOfFastStartAndHideTheAddress() {
        call.client(fastStart(OWN, 5000));

        assertThat(call.atServer()).isEqualTo(fastStart(SEEN, 6000));
        assertThat(call.expectations()).extracting(Announced::toString).containsExactlyInAnyOrder(
                "ORIGINAL OTHER_SIDE UDP 10.77.0.2:5000 seen as 198.51.100.1:6000",
                "ORIGINAL OTHER_SIDE UDP 10.77.0.2:5001 seen as 198.51.100.1:6001",
                "ORIGINAL OTHER_SIDE UDP 10.77.0.2:5002 seen as 198.51.100.1:6002",
                "ORIGINAL OTHER_SIDE UDP 10.77.0.2:5003 seen as 198.51.100.1:6003");
    }

    @Test
    void shouldReadAMessageHoweverItIsCut() {
        String sent = fastStart(OWN, 5000) + message("release");
        for (int cut = 1; cut < sent.length(); cut++) {
            ControlConnection connection = connection(Transport.TCP, Map.of());
            connection.client(sent, cut);
            assertThat(connection.atServer()).as("cut at " + cut).isEqualTo(fastStart(SEEN, 6000) + message("release"));
        }
        ControlConnection connection = connection(Transport.TCP, Map.of());
        connection.client(sent, IntStream.range(1, sent.length()).toArray());
        assertThat(connection.atServer()).isEqualTo(fastStart(SEEN, 6000) + message("release"));
    }

    @Test
    void shouldEndACallWithItsRelease() {
        call.client(fastStart(OWN, 5000));
        call.server(message("release-by-called"));
        assertThat(call.expectations()).isEmpty();
    }

    @Test
    void shouldReadH245OnAConnectionOfItsOwn() {
        call.client(SETUP);
        assertThat(call.atServer()).isEqualTo(SETUP_SEEN);
        call.server(message("connect", null, null, PEER + "30000"));
        assertThat(call.expectations()).extracting(Announced::toString)
                .containsExactly("REPLY OTHER_SIDE TCP 198.51.100.2:30000");

        ControlConnection h245 = call.connect(call.expectations().getFirst());
        h245.client(message("capabilities") + message("olc", null, null, null, null, OWN + "5001"));
        h245.client(message("ack", null, null, null, OWN + "5000", OWN + "5001"));
        assertThat(h245.atServer()).isEqualTo(message("capabilities")
                + message("olc", null, null, null, null, SEEN + "6001")
                + message("ack", null, null, null, SEEN + "6000", SEEN + "6001"));
        assertThat(h245.expectations()).extracting(Announced::toString).containsExactlyInAnyOrder(
                "ORIGINAL OTHER_SIDE UDP 10.77.0.2:5000 seen as 198.51.100.1:6000",
                "ORIGINAL OTHER_SIDE UDP 10.77.0.2:5001 seen as 198.51.100.1:6001");
    }

    @Test
    void shouldExpectH245ThatTheInsideListensFor() {
        call.client(SETUP);
        for (String name : new String[]{"facility-h245", "proceeding", "progress"}) {
            ControlConnection inside = connection(Transport.TCP, Map.of()).translate(Direction.ORIGINAL, "10.77.0.2")
                    .translate(Direction.REPLY, "203.0.113.1", p -> p + 1000);
            inside.client(SETUP);
            inside.server(message(name, null, null, PEER + "30000"));
            assertThat(inside.atClient()).as(name).isEqualTo(message(name, null, null, "203.0.113.1:31000"));
            assertThat(inside.expectations()).extracting(Announced::toString)
                    .contains("REPLY OTHER_SIDE TCP 198.51.100.2:30000 seen as 203.0.113.1:31000");
            ControlConnection h245 = inside.connect(inside.expectations().getFirst());
            h245.server(message("olc", null, null, null, null, PEER + "7001"));
            assertThat(h245.atClient()).isEqualTo(message("olc", null, null, null, null, "203.0.113.1:8001"));
        }
    }

    @Test
    void shouldTellACalledHostItsOwnAddress() {
        ControlConnection inside = connection(Transport.TCP, Map.of()).translate(Direction.ORIGINAL, "10.77.0.2")
                .translate(Direction.REPLY, "203.0.113.1");
        inside.client(message("setup", OWN + "40000", "203.0.113.1:1720"));
        assertThat(inside.atServer()).isEqualTo(message("setup", OWN + "40000", PEER + "1720"));
    }

    @Test
    void shouldReadH245InTheTunnel() {
        call.client(SETUP + message("tunnelled", null, null, null, OWN + "5000", OWN + "5001"));
        assertThat(call.atServer()).isEqualTo(
                SETUP_SEEN + message("tunnelled", null, null, null, SEEN + "6000", SEEN + "6001"));
        assertThat(call.expectations()).hasSize(2);
    }

    @Test
    void shouldLetMediaInFromTheHostThatTheOtherSideNames() {
        call.client(fastStart(OWN, 5000));
        call.server(message("alerting-faststart", null, null, null, "203.0.113.9:9000"));
        assertThat(call.expectations()).hasSize(4).allMatch(e -> e.peer().toString().equals("203.0.113.9"));
    }

    @Test
    void shouldExpectDataByTcpAndFaxAlone() {
        call.client(SETUP);
        call.server(message("connect", null, null, PEER + "30000"));
        ControlConnection h245 = call.connect(call.expectations().getFirst());
        h245.client(message("olc-data", null, null, null, OWN + "1503"));
        h245.client(message("olc-fax", null, null, null, OWN + "5000"));
        assertThat(h245.expectations()).extracting(Announced::toString).contains(
                "ORIGINAL OTHER_SIDE TCP 10.77.0.2:1503 seen as 198.51.100.1:2503",
                "ORIGINAL OTHER_SIDE UDP 10.77.0.2:5000 seen as 198.51.100.1:6000");
    }

    @Test
    void shouldOpenNothingBeforeSetupAndNothingForOthers() {
        call.server(message("connect", null, null, PEER + "30000"));
        assertThat(call.expectations()).isEmpty();
        assertThat(call.events()).containsKey("too_early");

        String third = message("setup-faststart", null, null, null, "10.77.0.3:5000", "10.77.0.3:5001", OWN + "80",
                OWN + "81");
        call.client(third);
        assertThat(call.expectations()).isEmpty();
        assertThat(call.atServer()).isEqualTo(third);
        call.server(message("connect", null, null, "203.0.113.9:30000"));
        assertThat(call.expectations()).isEmpty();
    }

    @Test
    void shouldExpectCallsThatAreForwardedToTheSpeaker() {
        call.client(SETUP);
        call.server(message("facility-forward", PEER + "2720"));
        assertThat(call.expectations()).extracting(Announced::toString)
                .containsExactly("REPLY OTHER_SIDE TCP 198.51.100.2:2720");
        call.connect(call.expectations().getFirst()).client(fastStart(OWN, 5000));
    }

    @Test
    void shouldPassWhatIsNotH323() {
        call.client("GET / HTTP/1.1\r\n\r\n" + SETUP);
        assertThat(call.isDetached()).isTrue();
        assertThat(call.atServer()).endsWith(SETUP);
        assertThat(call.expectations()).isEmpty();
    }

    @Test
    void shouldGoOnWithTheNextMessageWhenTheFirstWasHeldForTooLong() {
        String half = SETUP.substring(0, 50);
        call.client(half).release(Direction.ORIGINAL);
        call.client(SETUP.substring(50) + fastStart(OWN, 5000));
        assertThat(call.atServer()).isEqualTo(SETUP + fastStart(SEEN, 6000));
    }

    @Test
    void shouldPassALongMessageUnread() {
        String big = "\3\0" + (char) 0xFF + (char) 0xF0 + "x".repeat(0xFFF0 - 4);
        call.client(SETUP + big + fastStart(OWN, 5000), 3000, 20_000, 40_000);
        assertThat(call.atServer()).isEqualTo(SETUP_SEEN + big + fastStart(SEEN, 6000));
    }

    @Test
    void shouldKeepARegistrationForAsLongAsTheGatekeeperSays() {
        ras.client(message("registration-request", OWN + "1720", OWN + "40000"));
        assertThat(ras.atServer()).isEqualTo(message("registration-request", SEEN + "2720", SEEN + "41000"));
        ras.server(message("registration-confirm", PEER + "1720"));
        assertThat(ras.expectations()).extracting(Announced::toString).contains(
                "ORIGINAL OTHER_SIDE TCP 10.77.0.2:1720 seen as 198.51.100.1:2720");
        Announced calls = ras.expectations().stream()
                .filter(e -> e.to().port() == 1720 && e.listener() == Direction.ORIGINAL)
                .findFirst().orElseThrow();
        ControlConnection inward = ras.connect(calls);
        inward.client(message("setup", PEER + "40001", SEEN + "2720"));
        assertThat(inward.atServer()).isEqualTo(message("setup", PEER + "40001", OWN + "1720"));
        inward.server(message("connect", null, null, OWN + "30000"));
        assertThat(inward.atClient()).isEqualTo(message("connect", null, null, SEEN + "31000"));

        ras.client(message("unregistration-request", OWN + "1720"));
        assertThat(ras.atServer()).endsWith(message("unregistration-request", SEEN + "2720"));
        ras.server(message("unregistration-confirm"));
        assertThat(ras.expectations()).noneMatch(e -> e.listener() == Direction.ORIGINAL);
    }

    @Test
    void shouldExpectNothingWhenTheGatekeeperRefuses() {
        ras.client(message("registration-request", OWN + "1720", OWN + "40000"));
        ras.server(message("registration-reject"));
        assertThat(ras.expectations()).isEmpty();
    }

    @Test
    void shouldLetAnyoneCallWhereThatIsConfigured() {
        ControlConnection direct = connection(Transport.UDP, Map.of("callers", "anyone"));
        direct.client(message("registration-request", OWN + "1720", OWN + "1719"));
        assertThat(direct.expectations()).extracting(Announced::toString).containsExactly(
                "ORIGINAL ANYONE TCP 10.77.0.2:1720 seen as 198.51.100.1:2720",
                "ORIGINAL OTHER_SIDE UDP 10.77.0.2:1719 seen as 198.51.100.1:2719");
    }

    @Test
    void shouldReadCallsAtThePortThatTheGatekeeperNames() {
        ras.client(message("admission-request", OWN + "1720", PEER + "1720"));
        assertThat(ras.atServer()).isEqualTo(message("admission-request", SEEN + "41000", PEER + "1720"));
        ras.server(message("admission-confirm", PEER + "2720"));
        ras.connect(ras.expectations().getFirst()).client(SETUP);
        ras.server(message("admission-confirm", "203.0.113.9:2720"));
        assertThat(ras.expectations()).hasSize(1);
    }

    @Test
    void shouldReadIpv6() {
        ControlConnection six = new ControlConnection(new H323Helper(), new H323Nat(), Map.of(), Transport.TCP)
                .between("fd00:77::2", "2001:db8::2").translate(Direction.ORIGINAL, "2001:db8::1", p -> p + 1000);
        six.client(message("setup-faststart6", "[fd00:77::2]:1720", "[2001:db8::2]:1720", null, "[fd00:77::2]:5000",
                "[fd00:77::2]:5001", "[fd00:77::2]:5002", "[fd00:77::2]:5003"));
        assertThat(six.atServer())
                .isEqualTo(message("setup-faststart6", "[2001:db8::1]:41000", "[2001:db8::2]:1720", null,
                        "[2001:db8::1]:6000", "[2001:db8::1]:6001", "[2001:db8::1]:6002", "[2001:db8::1]:6003"));
        assertThat(six.expectations()).hasSize(4);
    }

    @Test
    void shouldLeaveEverythingAsItIsWithoutTranslation() {
        for (String name : Messages.names()) {
            Transport transport = Messages.bytes(name)[0] == 3 ? Transport.TCP : Transport.UDP;
            ControlConnection plain = new ControlConnection(new H323Helper(), new H323Nat(), Map.of(), transport);
            plain.client(message(name)).server(message(name));
            assertThat(plain.atServer()).as(name).isEqualTo(message(name));
        }
    }

    @Test
    void shouldLoseNothingWhateverIsSaid() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (String name : Messages.names()) {
            byte[] bytes = Messages.bytes(name);
            Transport transport = bytes[0] == 3 ? Transport.TCP : Transport.UDP;
            for (int i = 0; i < 100; i++) {
                byte[] changed = bytes.clone();
                for (int j = random.nextInt(4); j >= 0; j--) {
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt();
                }
                ControlConnection connection = connection(transport, Map.of());
                connection.client(SETUP.substring(0, transport == Transport.TCP ? SETUP.length() : 10));
                int before = connection.atServer().length();
                connection.client(new String(changed, ISO_8859_1)).release(Direction.ORIGINAL);
                assertThat(connection.atServer().length() - before).as(name + ", seed " + seed)
                        .isEqualTo(changed.length);
            }
        }
    }
}
