package org.sluice.slowpath.journal;

import org.sluice.fastpath.flow.FlowKey;
import org.sluice.slowpath.route.IpAddress;

/** Entries for tests. */
final class Entries {
    private Entries() {}

    static Entry.Flow flow(int id) {
        IpAddress client = IpAddress.v4(0x0A4D_0000 + id);
        IpAddress server = IpAddress.v4(0xC633_640A);
        IpAddress outside = IpAddress.v4(0xC633_6401);
        long ports = FlowKey.ports(6, id & 0xFFFF, 80);
        return new Entry.Flow(id, 1_000_000L + id, client, server, outside, server, ports, ports, 0, 1, 0, 0, 0,
                state(id, 1));
    }

    static Entry.FlowState state(int id, int tcp) {
        Entry.Way way = new Entry.Way(tcp, 100L * tcp, 7, true, id, id + 1, id + 2);
        return new Entry.FlowState(id, tcp, 1, way, way);
    }

    static Entry.FlowEnd end(int id) {
        return new Entry.FlowEnd(id, 0, 1, 2, 3, 4);
    }

    static Entry.Mapping mapping(int id) {
        return new Entry.Mapping(id, 6, IpAddress.v4(0x0A4D_0001), id, IpAddress.v4(0xC633_6401), id, 2, true);
    }

    static Entry.Expectation expectation(int port) {
        IpAddress host = IpAddress.v4(0x0A4D_0001);
        Entry.Expected key = new Entry.Expected(2, 6, host, port, host);
        return new Entry.Expectation(key, "ftp", host, port, 0, 99, "", 0, false);
    }

    static Entry.Session session(int flow) {
        return new Entry.Session(flow, "ftp", new byte[]{1, 2, 3}, new byte[]{4}, true);
    }
}
