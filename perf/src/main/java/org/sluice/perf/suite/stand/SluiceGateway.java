package org.sluice.perf.suite.stand;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sluice.mgmt.Sluice;
import org.sluice.mgmt.lab.GatewayFile;
import org.sluice.mgmt.lab.GatewayProcess;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Topology;

/**
 * Sluice itself, as {@code sluice run} in a process of its own with this process's JVM options; masquerading, without a journal.
 *
 * @param driver of both interfaces
 */
public record SluiceGateway(String driver) implements Rival {
    private static final String ESTABLISHED = "proto=\"tcp\",state=\"established\"";
    private static final String CAPACITY = "flows: {capacity: 12m}\n";

    @Override
    public String name() {
        return "sluice " + driver;
    }

    @Override
    public String missing() {
        return "";
    }

    @Override
    public Middle start(Stand stand) throws IOException {
        Topology topology = stand.topology();
        String listen = "127.0.0.1:" + freePort();
        String yaml = new GatewayFile(topology.inside(), topology.outside(), List.of(), List.of(),
                GatewayFile.MASQUERADE, listen, "none", "", driver).yaml();
        Path configuration = stand.directory().resolve("sluice.yaml");
        Files.writeString(configuration, yaml + CAPACITY);
        GatewayProcess process = GatewayProcess.start(JavaCommand.alike(Sluice.class.getName(), List.of()), listen,
                configuration, stand.directory().resolve("gateway.log"), stand.undo());
        return new Running(process);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private record Running(GatewayProcess process) implements Middle {

        @Override
        public List<ProcessHandle> processes() {
            return List.of(process.handle());
        }

        @Override
        public void flush() {
            process.delete("/api/v1/flows");
        }

        @Override
        public long established() {
            // looking at a flow brings its state up to what the workers have forwarded
            process.get("/api/v1/flows?proto=tcp&search=nothing-is-called-so");
            return flows(ESTABLISHED);
        }

        @Override
        public long tracked() {
            return flows("");
        }

        private long flows(String labels) {
            return process.get("/metrics").lines()
                    .filter(line -> line.startsWith("sluice_flows{") && line.contains(labels))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
