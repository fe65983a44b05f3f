package org.sluice.mgmt.e2e;

import java.util.List;

/** What stands between the client and the server. */
interface Middle extends AutoCloseable {

    /** @return the command line that runs a command where the gateway's devices are. */
    List<String> atDevices(List<String> command);

    /** Asserts, once no packet is on its way any more, that each one has been accounted for. */
    void assertAtRest();

    /** @return what the gateway printed, for the message of a test that failed. */
    String log();

    @Override
    void close();
}
