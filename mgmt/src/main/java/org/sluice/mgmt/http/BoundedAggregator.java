package org.sluice.mgmt.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Makes whole requests; answers a body over the bound with a problem and closes. */
final class BoundedAggregator extends HttpObjectAggregator {

    BoundedAggregator(int maxBody) {
        super(maxBody, true);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        ConnectionHandler.write(context, Answer.problem(413, "a body may have " + maxContentLength() + " bytes"),
                false);
    }
}
