package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.sluice.mgmt.lab.KernelGateway;
import org.sluice.mgmt.lab.Topology;
import org.sluice.mgmt.lab.UndoLog;

/** Linux's own NAT: shows that the rig and its scenarios are right. */
final class KernelMiddle implements Middle {
    private final KernelGateway kernel;

    KernelMiddle(Topology topology, Plan plan, Path directory, UndoLog undo) throws IOException {
        Tools.find("nft");
        kernel = new KernelGateway(topology, plan.helpers(), plan.forwards(), directory, undo);
    }

    @Override
    public List<String> atDevices(List<String> command) {
        return kernel.router().inside(command);
    }

    @Override
    public void assertAtRest() {
        // the kernel keeps no such account
    }

    @Override
    public String log() {
        return "";
    }

    @Override
    public void close() {
        // the undo log deletes the namespace
    }
}
