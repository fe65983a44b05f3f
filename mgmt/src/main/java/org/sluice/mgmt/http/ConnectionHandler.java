package org.sluice.mgmt.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: takes a request, answers it, and only then takes the next one, so that answers to pipelined requests come in
 * order (RFC 9112 section 9.3.2) and a client that does not read its answers is not read from either. Event loop.
 */
final class ConnectionHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);
    private final Routes routes;
    private final Guard guard;
    private final ConnectionTimer timer;
    private boolean waiting;
    private boolean isHead;
    private boolean feeding;

    ConnectionHandler(Routes routes, Guard guard, ConnectionTimer timer) {
        this.routes = routes;
        this.guard = guard;
        this.timer = timer;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        next(context);
    }

    /** What was read may have been less than a request; nobody reads the rest unless asked. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (waiting) {
            context.read();
        }
    }

    private void next(ChannelHandlerContext context) {
        waiting = true;
        context.read();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        waiting = false;
        if (feeding) {
            // nothing but its end was to come from this client
            context.close();
            return;
        }
        isHead = request.method().equals(HttpMethod.HEAD);
        timer.answering();
        if (request.decoderResult().isFailure()) {
            write(context, malformed(request.decoderResult().cause()), false);
            return;
        }
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        Answer refused = refuse(request);
        if (refused != null) {
            finish(context, refused, keepAlive);
            return;
        }
        try {
            routes.answer(translate(request)).whenCompleteAsync((answer, failure) -> finish(context,
                    answer != null ? answer : Answer.problem(500, String.valueOf(failure)), keepAlive),
                    context.executor());
        } catch (IllegalArgumentException e) {
            finish(context, Answer.problem(400, "the path is not well encoded: " + e.getMessage()), keepAlive);
        }
    }

    private Answer refuse(FullHttpRequest request) {
        if (request.protocolVersion().majorVersion() != 1) {
            return Answer.problem(505, "HTTP/1.1 is spoken here");
        }
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return Answer.problem(400, "one Host header is needed (RFC 9112 section 3.2)");
        }
        if (!request.uri().startsWith("/")) {
            return Answer.problem(400, "the path must begin with /");
        }
        Answer refused = guard.refuse(request.uri(), request.headers());
        return refused == null ? guard.refuseForeign(request.method().name(), request.headers()) : refused;
    }

    private static Request translate(FullHttpRequest request) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        String method = request.method().equals(HttpMethod.HEAD) ? HttpMethod.GET.name() : request.method().name();
        return new Request(method, uri.path(), uri.parameters(), request.headers().get(HttpHeaderNames.ACCEPT, ""),
                "", request.content().toString(StandardCharsets.UTF_8));
    }

    private static Answer malformed(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException e -> Answer.problem(414, "the request line is too long");
            case TooLongHttpHeaderException e -> Answer.problem(431, "the headers are too long");
            default -> Answer.problem(400, "this is not HTTP/1.1");
        };
    }

    private void finish(ChannelHandlerContext context, Answer answer, boolean keepAlive) {
        if (answer.feed() != null) {
            feed(context, answer);
            return;
        }
        ChannelFuture written = write(context, answer, keepAlive);
        if (keepAlive) {
            written.addListener(done -> {
                if (done.isSuccess()) {
                    timer.idle();
                    next(context);
                }
            });
        }
    }

    private void feed(ChannelHandlerContext context, Answer answer) {
        if (isHead || !context.channel().isActive()) {
            answer.feed().close();
            write(context, Answer.of(answer.status(), answer.contentType(), ""), false);
            return;
        }
        timer.streaming();
        feeding = true;
        new FeedWriter(context, answer.feed()).start(answer);
    }

    static ChannelFuture write(ChannelHandlerContext context, Answer answer, boolean keepAlive) {
        ChannelFuture written = context.writeAndFlush(response(answer, keepAlive));
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
        return written;
    }

    static FullHttpResponse response(Answer answer, boolean keepAlive) {
        ByteBuf body = Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()), body);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        return response;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // a client that goes, or that does not speak TLS where that is spoken, is nothing to wake somebody for
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            LOG.warn("a management connection failed", cause);
        }
        context.close();
    }
}
