package org.sluice.slowpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.fastpath.wire.Tcp;

/** The transitions, one segment at a time: {@code >} from the side that opened, {@code <} from the side that answered. */
class TcpStateTest {
    private static int flags(String letters) {
        return letters.chars().map(letter -> switch (letter) {
            case 'S' -> Tcp.SYN;
            case 'A' -> Tcp.ACK;
            case 'F' -> Tcp.FIN;
            case 'R' -> Tcp.RST;
            default -> throw new IllegalArgumentException(letters);
        }).reduce(0, (a, b) -> a | b);
    }

    private static TcpState after(TcpState state, String segment) {
        return state.next(segment.charAt(0) == '<', flags(segment.substring(1)));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            >S <SA >A,              SYN_SENT SYN_RECV ESTABLISHED
            >S >S <SA <SA >A <A,    SYN_SENT SYN_SENT SYN_RECV SYN_RECV ESTABLISHED ESTABLISHED
            >S <SA <A >A,           SYN_SENT SYN_RECV SYN_RECV ESTABLISHED
            >S <S >SA <SA >A,       SYN_SENT SYN_SENT2 SYN_RECV SYN_RECV ESTABLISHED
            >S <S <SA >A,           SYN_SENT SYN_SENT2 SYN_RECV ESTABLISHED
            >S <RA,                 SYN_SENT CLOSE
            >S >R,                  SYN_SENT CLOSE
            >S <SA >R,              SYN_SENT SYN_RECV CLOSE
            >S <SA <FA,             SYN_SENT SYN_RECV FIN_WAIT
            >S >A >FA <A,           SYN_SENT SYN_SENT SYN_SENT SYN_SENT
            """)
    void shouldFollowAnOpening(String segments, String states) {
        TcpState state = TcpState.NONE;
        String[] expected = states.split(" ");
        int step = 0;
        for (String segment : segments.split(" ")) {
            state = after(state, segment);
            assertThat(state).as("%s, at %s", segments, segment).hasToString(expected[step++]);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TcpState.class, names = {"NONE", "SYN_SENT", "SYN_SENT2"}, mode = EnumSource.Mode.EXCLUDE)
    void shouldNotBeMovedBySynsOfAnOpenConnection(TcpState state) {
        for (String segment : new String[]{">S", "<S", ">SA", "<SA"}) {
            assertThat(after(state, segment)).as(segment).isEqualTo(state);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TcpState.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldCloseOnAResetOfEitherSide(TcpState state) {
        for (String segment : new String[]{">R", "<R", ">RA", "<RA"}) {
            assertThat(after(state, segment)).as(segment).isEqualTo(TcpState.CLOSE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE"})
    void shouldNotBeMovedByOrdinarySegments(TcpState state) {
        assertThat(after(state, ">A")).isEqualTo(state);
        assertThat(after(state, "<A")).isEqualTo(state);
    }

    @ParameterizedTest
    @EnumSource(TcpState.class)
    void shouldBeginOnlyWithASyn(TcpState state) {
        assertThat(TcpState.of(state.ordinal())).isEqualTo(state);
        for (String segment : Arrays.asList(">A", "<A", ">SA", "<SA", ">FA", "<FA", ">R", "<R", "<S")) {
            assertThat(after(TcpState.NONE, segment)).as(segment).isEqualTo(TcpState.NONE);
        }
    }
}
