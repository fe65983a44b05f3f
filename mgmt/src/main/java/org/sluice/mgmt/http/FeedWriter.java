package org.sluice.mgmt.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Writes a feed into a connection, which has no other use from then on, until the feed is done or the client is gone. A client that
 * does not read gets nothing more, and is cut off after a while. Event loop.
 */
final class FeedWriter {
    private static final int PERIOD_MS = 20;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);
    /** So that a client that is gone without a word is noticed, and one that waits knows that it waits for somebody. */
    private static final long SIGN_OF_LIFE_NS = TimeUnit.SECONDS.toNanos(5);

    private final ChannelHandlerContext context;
    private final LineFeed feed;
    private Future<?> timer;
    private long lastWritten;

    FeedWriter(ChannelHandlerContext context, LineFeed feed) {
        this.context = context;
        this.feed = feed;
    }

    void start(Answer answer) {
        context.channel().closeFuture().addListener(closed -> stop());
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response);
        lastWritten = System.nanoTime();
        timer = context.executor().scheduleAtFixedRate(this::write, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
        // its end is seen only by reading
        context.read();
    }

    private void write() {
        long idle = System.nanoTime() - lastWritten;
        if (!context.channel().isWritable()) {
            if (idle > PATIENCE_NS) {
                context.close();
            }
            return;
        }
        List<String> lines = feed.next();
        if (!lines.isEmpty() || idle > SIGN_OF_LIFE_NS) {
            lastWritten = System.nanoTime();
            context.writeAndFlush(new DefaultHttpContent(
                    ByteBufUtil.writeUtf8(context.alloc(), String.join("\n", lines) + "\n")));
        }
        if (feed.isDone()) {
            stop();
            context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
        feed.close();
    }
}
