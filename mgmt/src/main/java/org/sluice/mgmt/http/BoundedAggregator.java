package org.sluice.mgmt.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Makes whole requests; answers a body over the bound with a problem and closes. */
final class BoundedAggregator extends HttpObjectAggregator {

    BoundedAggregator(int maxBody) {
        super(maxBody, true);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        ConnectionHandler.write(context, tooLarge(), false);
    }

    private Answer tooLarge() {
        return Answer.problem(413, "a body may have " + maxContentLength() + " bytes");
    }

    /** Refuses what the client announces before it sends it; the connection is closed then. */
    @Override
    protected Object newContinueResponse(HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
        Object response = super.newContinueResponse(start, maxContentLength, pipeline);
        if (!(response instanceof FullHttpResponse refusal) || refusal.status().code() < 400) {
            return response;
        }
        return ConnectionHandler.response(refusal.status().equals(HttpResponseStatus.EXPECTATION_FAILED)
                ? Answer.problem(417, "the only expectation that can be met is 100-continue")
                : tooLarge(), false);
    }
}
