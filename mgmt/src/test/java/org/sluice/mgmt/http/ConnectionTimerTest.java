package org.sluice.mgmt.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.http.ConnectionTimer.ANSWER_SECONDS;
import static org.sluice.mgmt.http.ConnectionTimer.IDLE_SECONDS;
import static org.sluice.mgmt.http.ConnectionTimer.REQUEST_SECONDS;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a client may take, on a clock that the test moves. */
class ConnectionTimerTest {
    private final ConnectionTimer timer = new ConnectionTimer();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    ConnectionTimerTest() {
        channel.freezeTime();
        channel.pipeline().addLast(timer);
        channel.pipeline().fireChannelActive();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void shouldCloseAConnectionThatAsksForNothing() {
        pass(IDLE_SECONDS - 1);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void shouldCloseWhenARequestDripsIn() {
        pass(IDLE_SECONDS - 1);
        for (int i = 0; i < REQUEST_SECONDS - 1; i++) {
            channel.writeInbound("x");
            pass(1);
            assertThat(channel.isOpen()).isTrue();
        }
        channel.writeInbound("x");
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void shouldCloseWhenTheAnswerIsNotRead() {
        channel.writeInbound("request");
        timer.answering();
        channel.writeInbound("the next one");
        pass(ANSWER_SECONDS - 1);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void shouldGiveEachRequestItsTime() {
        for (int i = 0; i < 10; i++) {
            channel.writeInbound("request");
            pass(REQUEST_SECONDS - 1);
            timer.answering();
            pass(ANSWER_SECONDS - 1);
            timer.idle();
            pass(IDLE_SECONDS - 1);
            assertThat(channel.isOpen()).isTrue();
        }
    }
}
