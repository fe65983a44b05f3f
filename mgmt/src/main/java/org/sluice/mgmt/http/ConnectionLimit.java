package org.sluice.mgmt.http;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/** Closes what comes over the bound, so that memory and descriptors stay bounded too. */
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
    static final int MAX = 256;
    private final AtomicInteger open = new AtomicInteger();

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.channel().closeFuture().addListener(closed -> open.decrementAndGet());
        if (open.incrementAndGet() > MAX) {
            context.close();
        } else {
            context.fireChannelActive();
        }
    }
}
