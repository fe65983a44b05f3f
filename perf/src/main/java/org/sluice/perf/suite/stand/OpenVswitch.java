package org.sluice.perf.suite.stand;

import java.io.IOException;
import java.util.List;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Topology;

/** Open vSwitch's datapath in user space, with its AF_PACKET ports and its own connection tracking and NAT. */
public final class OpenVswitch implements Rival {
    private static final int INSIDE = 1;
    private static final int OUTSIDE = 2;

    @Override
    public String name() {
        return "ovs";
    }

    @Override
    public String missing() {
        return Programs.missing("ovsdb-tool", "ovsdb-server", "ovs-vsctl", "ovs-ofctl", "ovs-appctl", "ovs-vswitchd");
    }

    @Override
    public Middle start(Stand stand) throws IOException {
        stand.introduceGateway();
        Topology topology = stand.topology();
        Namespace router = stand.router();
        OvsDaemons daemons = new OvsDaemons(router, stand.directory(), "ovs-vswitchd", List.of());
        daemons.bridge(List.of(
                "in_port=%d,ip,actions=ct(commit,zone=1,nat(src=%s:1024-65535),table=1)".formatted(INSIDE,
                        Topology.OUTSIDE_ADDRESS),
                "in_port=%d,ip,actions=ct(zone=1,nat,table=1)".formatted(OUTSIDE),
                forward(INSIDE, OUTSIDE, stand.outsideMac(), stand.serverMac()),
                forward(OUTSIDE, INSIDE, stand.insideMac(), stand.clientMac())));
        daemons.port(topology.inside(), INSIDE);
        daemons.port(topology.outside(), OUTSIDE);
        return new Running(daemons);
    }

    private static String forward(int from, int to, String source, String destination) {
        return "table=1,in_port=%d,ct_state=+trk-inv,ip,actions=mod_dl_src:%s,mod_dl_dst:%s,dec_ttl,output:%d"
                .formatted(from, source, destination, to);
    }

    private record Running(OvsDaemons daemons) implements Middle {

        @Override
        public List<ProcessHandle> processes() {
            return daemons.processes();
        }

        @Override
        public void flush() {
            daemons.control("dpctl/flush-conntrack");
        }
    }
}
