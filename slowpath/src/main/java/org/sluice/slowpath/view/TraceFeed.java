package org.sluice.slowpath.view;

import java.util.List;

/** A trace that is running. It holds a bounded number of packets; one thread takes them. */
public interface TraceFeed extends AutoCloseable {

    /** @return packets that are through, roughly in order; empty when there are none. */
    List<TraceView> poll();

    /** @return packets so far that came while too many had not been taken yet. */
    long lost();

    /** Nobody traces any more. Any thread. */
    @Override
    void close();
}
