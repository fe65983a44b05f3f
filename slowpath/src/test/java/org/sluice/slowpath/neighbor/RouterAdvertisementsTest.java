package org.sluice.slowpath.neighbor;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ndp;
import org.sluice.slowpath.Seeds;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.InterfaceSettings.SourceValidation;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.RouterAdvertisement;

/** What the hosts of a link are told, and when. */
class RouterAdvertisementsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long TICK = SECOND / 10;
    private static final long MAC = 0x02_00_00_00_00_01L;
    private static final int IP = Ethernet.HEADER_LENGTH;
    private static final int ICMP = IP + Ipv6.HEADER_LENGTH;
    private static final int OPTIONS = ICMP + 16;
    private static final RouterAdvertisement WITH_DNS = new RouterAdvertisement(Duration.ofMinutes(20),
            Duration.ofMinutes(5), List.of(InetAddress.ofLiteral("fd77::53"), InetAddress.ofLiteral("fd77::54")));
    private final Wire wire = new Wire();
    private final List<Long> times = new ArrayList<>();
    private long now = Long.MAX_VALUE - 100 * SECOND;

    /** Keeps what is sent. */
    private static final class Wire implements NeighborTable.Link {
        private final List<UnsafeBuffer> frames = new ArrayList<>();
        private int mtu = 1_500;

        @Override
        public long mac(int port) {
            return MAC;
        }

        @Override
        public int mtu(int port) {
            return mtu;
        }

        @Override
        public void originate(int port, DirectBuffer buffer, int frame, int length) {
            assertThat(port).isZero();
            byte[] copy = new byte[length];
            buffer.getBytes(frame, copy);
            frames.add(new UnsafeBuffer(copy));
        }

        @Override
        public void release(int port, HeldFrame frame) {
            throw new AssertionError("nothing waits");
        }

        @Override
        public void unreachable(HeldFrame frame) {
            throw new AssertionError("nothing waits");
        }
    }

    private RouterAdvertisements router(RouterAdvertisement inside, long seed, String... addresses) {
        return new RouterAdvertisements(new Interfaces(settings(inside, addresses), _ -> MAC), wire,
                new Random(seed));
    }

    private static InterfaceSettings iface(String name, RouterAdvertisement advertisement, String... addresses) {
        return new InterfaceSettings(name, name, InterfaceSettings.Driver.AF_PACKET,
                List.of(addresses).stream().map(IpPrefix::parse).toList(), name, 0, SourceValidation.STRICT, false,
                true,
                advertisement);
    }

    /** Lets time pass. */
    private void pass(RouterAdvertisements router, long nanos) {
        for (long end = now + nanos; now - end < 0; now += TICK) {
            int before = wire.frames.size();
            router.tick(now);
            if (wire.frames.size() > before) {
                times.add(now);
            }
        }
    }

    private UnsafeBuffer first(RouterAdvertisements router) {
        pass(router, SECOND);
        assertThat(wire.frames).hasSize(1);
        return wire.frames.getFirst();
    }

    private static int option(UnsafeBuffer frame, int kind) {
        return Ndp.findOption(frame, OPTIONS, frame.capacity(), kind);
    }

    @Test
    void shouldTellEverybodyItsPrefixesItsMtuAndTheNameServers() {
        UnsafeBuffer frame = first(router(WITH_DNS, 1, "10.77.0.1/24", "fd77::1/64", "fd78::1/48"));

        assertThat(Ethernet.destination(frame, 0)).isEqualTo(0x3333_0000_0001L);
        assertThat(Ethernet.source(frame, 0)).isEqualTo(MAC);
        assertThat(IpAddress.read(frame, IP + Ipv6.SOURCE)).hasToString("fe80::ff:fe00:1");
        assertThat(IpAddress.read(frame, IP + Ipv6.DESTINATION)).hasToString("ff02::1");
        assertThat(Ipv6.hopLimit(frame, IP)).isEqualTo(255);
        assertThat(Icmp.type(frame, ICMP)).isEqualTo(Icmpv6.ROUTER_ADVERTISEMENT);
        assertThat(Icmp.checksum(frame, ICMP)).isEqualTo(
                Checksum.transport(frame, IP, ICMP, frame.capacity() - ICMP, Ipv6.PROTOCOL_ICMP));
        assertThat(frame.getByte(ICMP + 4)).as("hop limit").isEqualTo((byte) 64);
        assertThat(frame.getByte(ICMP + 5)).as("addresses are not managed").isZero();
        assertThat(frame.getShort(ICMP + 6, BIG_ENDIAN)).as("lifetime").isEqualTo((short) 1_200);
        assertThat(Ndp.areOptionsWhole(frame, OPTIONS, frame.capacity())).isTrue();
        assertThat(Ndp.linkAddress(frame, option(frame, Ndp.SOURCE_LINK_ADDRESS))).isEqualTo(MAC);
        assertThat(frame.getInt(option(frame, 5) + 4, BIG_ENDIAN)).as("MTU").isEqualTo(1_500);
        int prefix = option(frame, 3);
        assertPrefix(frame, prefix, "fd77::", 64, 0xC0);
        assertPrefix(frame, prefix + 32, "fd78::", 48, 0x80);
        int dns = option(frame, 25);
        assertThat(frame.getByte(dns + 1)).isEqualTo((byte) 5);
        assertThat(frame.getInt(dns + 4, BIG_ENDIAN)).isEqualTo(1_200);
        assertThat(IpAddress.read(frame, dns + 8)).hasToString("fd77::53");
        assertThat(IpAddress.read(frame, dns + 24)).hasToString("fd77::54");
    }

    private static void assertPrefix(UnsafeBuffer frame, int at, String prefix, int length, int flags) {
        assertThat(frame.getByte(at)).isEqualTo((byte) 3);
        assertThat(frame.getByte(at + 2)).isEqualTo((byte) length);
        assertThat(frame.getByte(at + 3)).isEqualTo((byte) flags);
        assertThat(frame.getInt(at + 4, BIG_ENDIAN)).as("valid").isEqualTo(2_400);
        assertThat(frame.getInt(at + 8, BIG_ENDIAN)).as("preferred").isEqualTo(1_200);
        assertThat(IpAddress.read(frame, at + 16)).isEqualTo(IpAddress.parse(prefix));
    }

    @Test
    void shouldSayNothingOfAnMtuThatIpv6DoesNotKnow() {
        wire.mtu = 1_200;
        UnsafeBuffer frame = first(router(RouterAdvertisement.USUAL, 1, "fd77::1/64"));
        assertThat(option(frame, 5)).isNegative();
        assertThat(option(frame, 25)).as("no name servers").isNegative();
    }

    @Test
    void shouldFitWhateverNumberOfPrefixes() {
        String[] many = new String[60];
        for (int i = 0; i < many.length; i++) {
            many[i] = "fd77:0:0:%x::1/64".formatted(i);
        }
        UnsafeBuffer frame = first(router(WITH_DNS, 1, many));
        assertThat(frame.capacity() - IP).isLessThanOrEqualTo(Ipv6.MIN_MTU);
        assertThat(Ndp.areOptionsWhole(frame, OPTIONS, frame.capacity())).isTrue();
        assertThat(option(frame, 25)).as("name servers have their place").isPositive();
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldSpeakSeveralTimesAtFirstAndThenNowAndThen(long seed) {
        pass(router(RouterAdvertisement.USUAL, seed, "fd77::1/64"), 3_600 * SECOND);
        assertThat(times.get(0) - (Long.MAX_VALUE - 100 * SECOND)).isLessThanOrEqualTo(SECOND);
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).as("seed %d, interval %d", seed, i)
                    .isBetween(i < 3 ? 3 * SECOND : 16 * SECOND, (i < 3 ? 16 : 600) * SECOND + TICK);
        }
        assertThat(times).hasSizeBetween(8, 22);
    }

    @Test
    void shouldAnswerWhoAsksWithinHalfASecond() {
        RouterAdvertisements router = router(RouterAdvertisement.USUAL, 1, "fd77::1/64");
        pass(router, 100 * SECOND);
        int before = wire.frames.size();
        pass(router, 10 * SECOND);
        assertThat(wire.frames).hasSize(before);
        router.onSolicitation(0, now);
        long asked = now;
        pass(router, SECOND);
        assertThat(wire.frames).hasSize(before + 1);
        assertThat(times.getLast() - asked).isLessThanOrEqualTo(SECOND / 2 + TICK);
    }

    /** RFC 4861 6.2.6: however many ask, there is one in three seconds, and always one. */
    @Test
    void shouldNotBeMadeToFloodTheLink() {
        RouterAdvertisements router = router(RouterAdvertisement.USUAL, 1, "fd77::1/64");
        pass(router, SECOND);
        for (int i = 0; i < 300; i++) {
            for (int host = 0; host < 50; host++) {
                router.onSolicitation(0, now);
            }
            pass(router, TICK);
        }
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isBetween(3 * SECOND, 4 * SECOND);
        }
        assertThat(times).hasSizeBetween(8, 12);
    }

    @Test
    void shouldSayNothingWhereItIsNotAskedTo() {
        RouterAdvertisements router = router(null, 1, "fd77::1/64");
        router.onSolicitation(0, now);
        router.onSolicitation(1, now);
        pass(router, 100 * SECOND);
        assertThat(wire.frames).isEmpty();
    }

    private static List<InterfaceSettings> settings(RouterAdvertisement inside, String... addresses) {
        return List.of(iface("inside", inside, addresses), iface("outside", null, "2001:db8:77::1/64"));
    }

    @Test
    void shouldTellThatAPrefixIsTheLinksNoMore() {
        Interfaces interfaces = new Interfaces(settings(WITH_DNS, "fd77::1/64"), _ -> MAC);
        RouterAdvertisements router = new RouterAdvertisements(interfaces, wire, new Random(1));
        first(router);
        interfaces.replace(settings(WITH_DNS, "fd78::1/64"));
        wire.frames.clear();
        router.replace();

        UnsafeBuffer frame = first(router);

        int prefix = option(frame, 3);
        assertPrefix(frame, prefix, "fd78::", 64, 0xC0);
        assertThat(IpAddress.read(frame, prefix + 32 + 16)).hasToString("fd77::");
        assertThat(frame.getInt(prefix + 32 + 8, BIG_ENDIAN)).as("nobody begins with it").isZero();
        assertThat(frame.getInt(prefix + 32 + 4, BIG_ENDIAN)).as("who has begun goes on").isPositive();
    }

    @Test
    void shouldTellThatItIsNoRouterAnyMore() {
        Interfaces interfaces = new Interfaces(settings(WITH_DNS, "fd77::1/64"), _ -> MAC);
        RouterAdvertisements router = new RouterAdvertisements(interfaces, wire, new Random(1));
        first(router);
        interfaces.replace(settings(null, "fd77::1/64"));
        wire.frames.clear();

        router.replace();

        assertThat(wire.frames).hasSize(1);
        assertThat(wire.frames.getFirst().getShort(ICMP + 6, BIG_ENDIAN)).as("lifetime").isZero();
        pass(router, 100 * SECOND);
        assertThat(wire.frames).hasSize(1);
    }
}
