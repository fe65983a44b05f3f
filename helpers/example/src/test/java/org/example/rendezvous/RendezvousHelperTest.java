package org.example.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.testkit.ControlConnection;

class RendezvousHelperTest {
    private final ControlConnection connection = new ControlConnection(new RendezvousHelper(), new RendezvousNat())
            .translate(Direction.ORIGINAL, "198.51.100.1");

    @Test
    void shouldMeetWherePeopleCanReachTheClient() {
        connection.client("HELLO\r\nMEET 10.77.0.2 5001\r\n", 9, 20);
        assertThat(connection.atServer()).isEqualTo("HELLO\r\nMEET 198.51.100.1 5001\r\n");
        assertThat(connection.expectations()).hasSize(1);
    }

    @Test
    void shouldOpenNothingForThirdHostsAndNonsense() {
        String said = "MEET 10.77.0.3 5001\r\nMEET 10.77.0.2 80\r\nMEET x y\r\nMEET\r\nMEET example 5001\r\n";
        connection.client(said);
        assertThat(connection.atServer()).isEqualTo(said);
        assertThat(connection.expectations()).isEmpty();
        assertThat(connection.events()).containsEntry("refused_address", 1).containsEntry("refused_port", 1)
                .containsEntry("not_understood", 2);
    }
}
