package org.sluice.perf.suite;

import java.util.List;
import java.util.stream.Stream;
import org.sluice.perf.suite.stand.Kernel;
import org.sluice.perf.suite.stand.OpenVswitch;
import org.sluice.perf.suite.stand.OvsInMemory;
import org.sluice.perf.suite.stand.Rival;
import org.sluice.perf.suite.stand.SluiceGateway;
import org.sluice.perf.suite.stand.Testpmd;

/** Who takes part. */
final class Rivals {
    /** Sluice with each driver that a device of the kernel can have. */
    static final List<Rival> OURS = List.of(new SluiceGateway("af_packet"), new SluiceGateway("af_xdp"));
    /** Whose ports are the kernel's and whose connections are tracked in full. */
    static final List<Rival> KERNEL_AND_OURS = Stream.concat(Stream.of(new Kernel()), OURS.stream()).toList();
    /** All that can stand between two devices. */
    static final List<Rival> ALL = List.of(new Kernel(), new OpenVswitch(), new Testpmd("af_packet"),
            new Testpmd("af_xdp"), OURS.getFirst(), OURS.getLast());
    /** Our loop without devices. */
    static final String IN_MEMORY = "sluice in memory";

    private Rivals() {}

    /** @return all names. */
    static List<String> names() {
        return Stream.concat(ALL.stream().map(Rival::name), Stream.of(OvsInMemory.NAME, IN_MEMORY)).toList();
    }
}
