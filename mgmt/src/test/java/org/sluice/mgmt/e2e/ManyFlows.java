package org.sluice.mgmt.e2e;

import java.nio.file.Path;
import org.agrona.concurrent.Agent;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.mgmt.lab.Topology;
import org.sluice.slowpath.conntrack.TcpState;
import org.sluice.slowpath.journal.Entry;
import org.sluice.slowpath.journal.JournalSettings;
import org.sluice.slowpath.journal.JournalStore;
import org.sluice.slowpath.route.IpAddress;

/** The journal of a gateway that had many flows: each host inside speaks with the server, half by TCP and half by UDP. */
final class ManyFlows {
    private static final int FIRST_PORT = 1024;
    private static final int HOSTS = 200;
    private static final int BATCH = 1000;

    private ManyFlows() {}

    /** @param state folder. @param count at most twice the number of ports */
    static void write(Path state, int count) {
        JournalStore store = JournalStore.open(new JournalSettings(state));
        Agent writer = store.writer();
        try {
            store.journal().beginSnapshot();
            store.journal().log(new Entry.Interface(0, "inside"));
            store.journal().log(new Entry.Interface(1, "outside"));
            for (int i = 0; i < count; i++) {
                write(store, i);
                if (i % BATCH == 0) {
                    drain(writer);
                }
            }
            store.journal().endSnapshot();
        } finally {
            writer.onClose();
        }
    }

    private static void drain(Agent writer) {
        try {
            while (writer.doWork() > 0) {
                // until nothing is left
            }
        } catch (Exception e) {
            throw new AssertionError("the journal can't be written", e);
        }
    }

    private static void write(JournalStore store, int i) {
        int protocol = i % 2 == 0 ? 6 : 17;
        int port = FIRST_PORT + i / 2;
        IpAddress outside = IpAddress.parse(Topology.OUTSIDE_ADDRESS);
        IpAddress server = IpAddress.parse(Topology.SERVER_ADDRESS);
        IpAddress host = IpAddress.parse(Topology.CLIENT_ADDRESS).plus(i % HOSTS);
        int id = 2 * (i + 1);
        long ports = FlowKey.ports(protocol, port, 443);
        Entry.Way way = new Entry.Way(10, 1000, 7, true, 1, 1, 60_000);
        store.journal().log(new Entry.Mapping(i + 1, protocol, host, port, outside, port, 2, true));
        store.journal().log(new Entry.Flow(id, System.currentTimeMillis(), host, server, outside, server,
                ports, ports, 0, 1, i + 1, 0, 0, new Entry.FlowState(id,
                        protocol == 6 ? TcpState.ESTABLISHED.ordinal() : 0, 1, way, way)));
    }
}
