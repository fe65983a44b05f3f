package org.sluice.perf.suite.stand;

import java.io.IOException;

/** Something that can stand where a gateway stands. */
public interface Rival {

    /** @return what it is called in tables and on the command line. */
    String name();

    /** @return why this machine can't run it; empty when it can. */
    String missing();

    /** Puts it between the hosts of a stand, forwarding. */
    Middle start(Stand stand) throws IOException;
}
