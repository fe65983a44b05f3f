package org.sluice.perf.suite.stand;

import java.io.IOException;
import java.util.List;
import org.sluice.mgmt.lab.KernelGateway;
import org.sluice.mgmt.lab.Namespace;

/** Linux's own NAT: nf_conntrack with masquerade by nf_tables. */
public final class Kernel implements Rival {
    private static final String ESTABLISHED = "conntrack -L -p tcp --state ESTABLISHED 2>/dev/null | wc -l";

    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public String missing() {
        return Programs.missing("nft");
    }

    @Override
    public Middle start(Stand stand) throws IOException {
        Namespace router = new KernelGateway(stand.topology(), List.of(), List.of(), stand.directory(), stand.undo())
                .router();
        return new Middle() {
            @Override
            public void flush() {
                router.run("conntrack", "-F");
            }

            @Override
            public long tracked() {
                return Long.parseLong(router.run("conntrack", "-C").strip());
            }

            @Override
            public long established() {
                // a line each, which are too many to be read here
                return Long.parseLong(router.run("sh", "-c", ESTABLISHED).strip());
            }
        };
    }
}
