package org.sluice.mgmt.http;

import java.util.List;

/** The body of an answer that goes on, a line at a time. Event loop. */
interface LineFeed extends AutoCloseable {

    /** @return what there is to write by now, without line ends. */
    List<String> next();

    /** @return whether nothing comes any more. */
    boolean isDone();

    @Override
    void close();
}
