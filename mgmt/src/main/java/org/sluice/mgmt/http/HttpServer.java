package org.sluice.mgmt.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.sluice.mgmt.config.Config;
import org.sluice.slowpath.route.AddressAndPort;

/** The management server. One event loop thread; {@link #close} returns when all connections are closed. */
public final class HttpServer implements AutoCloseable {
    private static final int MAX_LINE = 4_096;
    private static final int MAX_HEADERS = 8_192;
    private static final int MAX_CHUNK = 8_192;
    private static final int MAX_BODY = 65_536;
    private static final int BACKLOG = 128;
    private static final int STOP_SECONDS = 5;
    private final EventLoopGroup group;
    private final Channel channel;
    private final ChannelGroup connections;
    private final String scheme;

    private HttpServer(EventLoopGroup group, Channel channel, ChannelGroup connections, String scheme) {
        this.scheme = scheme;
        this.connections = connections;
        this.group = group;
        this.channel = channel;
    }

    /** @throws IOException when the address can't be listened on, or its certificate is not to be had */
    public static HttpServer start(Config.Management settings, Routes routes) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(settings.host()), settings.port());
        SslContext tls = settings.tls() == null ? null : tls(settings.tls());
        String scheme = tls == null ? "http" : "https";
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("management", true),
                EpollIoHandler.newFactory());
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        ChannelFuture bound = bootstrap(group, routes, new Guard(settings.token(), scheme), tls, connections)
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            stop(group);
            throw new IOException("management can't listen on " + settings.host() + ":" + settings.port() + ": "
                    + bound.cause().getMessage() + "; is another gateway running? See management.listen",
                    bound.cause());
        }
        return new HttpServer(group, bound.channel(), connections, scheme);
    }

    private static SslContext tls(Config.Tls files) throws IOException {
        try {
            return SslContextBuilder.forServer(new File(files.certificate()), new File(files.key()))
                    .protocols("TLSv1.3", "TLSv1.2").build();
        } catch (IllegalArgumentException | SSLException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("management can't use the certificate " + files.certificate() + " with the key "
                    + files.key() + ": " + cause.getMessage()
                    + "; both must be readable files in PEM, the key in PKCS #8 without a password (openssl pkcs8 -topk8 -nodes)",
                    e);
        }
    }

    private static ServerBootstrap bootstrap(EventLoopGroup group, Routes routes, Guard guard, SslContext tls,
            ChannelGroup connections) {
        ConnectionLimit limit = new ConnectionLimit();
        return new ServerBootstrap().group(group).channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG).childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true).childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connections.add(connection);
                        ConnectionTimer timer = new ConnectionTimer();
                        connection.pipeline().addLast(limit, timer);
                        if (tls != null) {
                            connection.pipeline().addLast(tls.newHandler(connection.alloc()));
                        }
                        connection.pipeline().addLast(
                                new HttpServerCodec(MAX_LINE, MAX_HEADERS, MAX_CHUNK), new BoundedAggregator(MAX_BODY),
                                new FlowControlHandler(), new ConnectionHandler(routes, guard, timer));
                    }
                });
    }

    /** @return where it listens; the real port when any was asked for */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** @return such as http://127.0.0.1:9464 */
    public String url() {
        return scheme + "://" + AddressAndPort.text(address().getAddress().getHostAddress(), address().getPort());
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly();
        stop(group);
    }

    private static void stop(EventLoopGroup group) {
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
