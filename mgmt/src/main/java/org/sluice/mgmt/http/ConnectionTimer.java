package org.sluice.mgmt.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how long a connection may stay in each of its states: idle between requests, in the middle of a request, in the middle
 * of an answer. A client that is slower is cut off. Event loop.
 */
final class ConnectionTimer extends ChannelInboundHandlerAdapter {
    static final int IDLE_SECONDS = 60;
    static final int REQUEST_SECONDS = 10;
    static final int ANSWER_SECONDS = 60;
    private ChannelHandlerContext context;
    private Future<?> deadline;
    private boolean idle;

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        idle();
        active.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext active, Object message) {
        if (idle) {
            idle = false;
            arm(REQUEST_SECONDS);
        }
        active.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext active) {
        cancel();
        active.fireChannelInactive();
    }

    /** The next request may take its time. */
    void idle() {
        idle = true;
        arm(IDLE_SECONDS);
    }

    /** The request is complete; its answer is being made and sent. */
    void answering() {
        idle = false;
        arm(ANSWER_SECONDS);
    }

    /** The answer has no end of its own; who writes it looks after it. */
    void streaming() {
        idle = false;
        cancel();
    }

    private void arm(int seconds) {
        cancel();
        deadline = context.executor().schedule(() -> context.close(), seconds, TimeUnit.SECONDS);
    }

    private void cancel() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
