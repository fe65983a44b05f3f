package org.sluice.perf.suite.load;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.perf.memory.EstablishedFlows;
import org.sluice.perf.memory.MemoryGateway;
import org.sluice.fastpath.wire.Ipv4;

/** The frames that {@link ForwardLoop} forwards, as a pcap file for others. */
public final class FlowCapture {
    /** Says: most significant byte first, microseconds. */
    private static final int MAGIC = 0xA1B2C3D4;
    private static final int VERSION = 2 << 16 | 4;
    private static final int ETHERNET = 1;
    private static final int LONGEST = 65_535;

    private FlowCapture() {}

    /** Writes one frame for each flow, in no order. */
    public static void write(Path file, int flows) throws IOException {
        int[] numbers = EstablishedFlows.shuffle(flows);
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (int word : new int[]{MAGIC, VERSION, 0, 0, LONGEST, ETHERNET}) {
                out.writeInt(word);
            }
            for (int number : numbers) {
                byte[] frame = MemoryGateway.frame(number, Ipv4.PROTOCOL_UDP);
                for (int word : new int[]{0, 0, frame.length, frame.length}) {
                    out.writeInt(word);
                }
                out.write(frame);
            }
        }
    }
}
