package org.sluice.slowpath.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Prefix;
import org.sluice.slowpath.settings.IpPrefix;

class PrefixTranslationTest {
    private static Prefix prefix(String text) {
        return Prefix.of(IpPrefix.parse(text));
    }

    /** The first is the example of RFC 6296 2.2 to 2.4. */
    @ParameterizedTest
    @CsvSource({"fd01:203:405::/48, 2001:db8:1::/48, fd01:203:405:1::1234, 2001:db8:1:d550::1234",
            "fd77::/64,         2001:db8:78::/64, fd77::2,              2001:db8:78:0:cf46::2",
            "fd77::/64,         2001:db8:78::/64, fd77::ffff:0:0:2,     2001:db8:78:0:ffff:cf46:0:2"})
    void shouldTranslateAsTheRfcDoes(String inside, String outside, String from, String to) {
        PrefixTranslation translation = new PrefixTranslation(prefix(inside), prefix(outside));
        assertThat(translation.out(IpAddress.parse(from))).isEqualTo(IpAddress.parse(to));
        assertThat(translation.in(IpAddress.parse(to))).isEqualTo(IpAddress.parse(from));
    }

    @Test
    void shouldRefuseWhatCanNotBeTranslated() {
        PrefixTranslation short48 = new PrefixTranslation(prefix("fd01:203:405::/48"), prefix("2001:db8:1::/48"));
        assertThat(short48.out(IpAddress.parse("fd01:203:405:ffff::1"))).isNull();
        PrefixTranslation long64 = new PrefixTranslation(prefix("fd77::/64"), prefix("2001:db8:78::/64"));
        assertThat(long64.out(IpAddress.parse("fd77::ffff:ffff:ffff:ffff"))).isNull();
    }

    private static int sum(IpAddress address) {
        UnsafeBuffer b = new UnsafeBuffer(new byte[IpAddress.LENGTH]);
        address.write(b, 0);
        return Checksum.fold(Checksum.sum(b, 0, IpAddress.LENGTH)) % 0xFFFF;
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldBeUndoneAndKeepEveryChecksum(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            int length = random.nextInt(16, 65);
            Prefix inside = new Prefix(new IpAddress(random.nextLong() | 1L << 63, 0), length);
            Prefix outside = new Prefix(new IpAddress(random.nextLong() | 1L << 63, 0), length);
            PrefixTranslation translation = new PrefixTranslation(inside, outside);
            long host = length == 64 ? 0 : random.nextLong() & -1L >>> length;
            IpAddress from = new IpAddress(inside.address().high() | host,
                    random.nextInt(4) == 0 ? -1L << random.nextInt(64) : random.nextLong());
            IpAddress to = translation.out(from);
            if (to != null && !hasZeroThatWasAllOnes(from)) {
                assertThat(translation.isOutside(to)).as("seed %d: %s", seed, to).isTrue();
                assertThat(sum(to)).as("seed %d: %s to %s", seed, from, to).isEqualTo(sum(from));
                assertThat(translation.in(to)).as("seed %d: %s by %s", seed, from, to).isEqualTo(from);
            }
        }
    }

    /** A word of all ones that is translated is refused; one that stays says nothing. */
    private static boolean hasZeroThatWasAllOnes(IpAddress address) {
        return (address.high() & 0xFFFF) == 0xFFFF;
    }
}
