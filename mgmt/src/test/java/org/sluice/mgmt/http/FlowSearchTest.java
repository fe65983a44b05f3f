package org.sluice.mgmt.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.FlowView.Tuple;

/** The words of the dashboard's search field. */
class FlowSearchTest {
    private static final FlowView FTP = FakeView.tcp(2, 4000, 21, "TIME_WAIT", "ftp");
    private static final FlowView DNS6 = new FlowView(4, "udp", 17, "", 29, new Tuple("fd77::2", "2001:db8::53", 5353,
            53, 1, 60), new Tuple("2001:db8::53", "fd77::2", 53, 5353, 0, 0), false, false, null, -1);

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "tcp", "TCP", "time_wait", "ftp", "10.77.0.2", "10.77.", "198.51.100.1", "21",
            "4000",
            "198.51.100.2:21", "198.51.100.1:4000", "tcp 21", " 10.77.0.2   ftp tcp "})
    void shouldFind(String words) {
        assertThat(new FlowSearch(words).matches(FTP)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "established", "irc", "10.77.0.3", "77.0.2", "10", "400", "198.51.100.2:4001",
            "tcp 22",
            "ft", "time", "null", "%", "<b>"})
    void shouldNotFind(String words) {
        assertThat(new FlowSearch(words).matches(FTP)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd77::2", "FD77:", "[2001:db8::53]:53", "udp 53"})
    void shouldFindIpv6(String words) {
        assertThat(new FlowSearch(words).matches(DNS6)).isTrue();
        assertThat(new FlowSearch(words + " tcp").matches(DNS6)).isFalse();
    }

    @Test
    void shouldTakeNoMoreThanAFewWords() {
        assertThatThrownBy(() -> new FlowSearch("a ".repeat(9))).isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> new FlowSearch("a".repeat(201))).isInstanceOf(BadRequestException.class);
    }
}
