package org.sluice.mgmt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.sluice.mgmt.http.Json;
import org.sluice.mgmt.trace.PcapngWriter;
import org.sluice.mgmt.trace.TraceText;
import org.sluice.slowpath.view.TraceView;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sluice trace}: follows packets through the running gateway. */
@Command(name = "trace", description = {
        "Follows packets through the gateway: each hop, the decision there and its reason.",
        "The filters pick packets in either direction, by their addresses inside or outside. Ends after COUNT packets, or with Ctrl-C."}, mixinStandardHelpOptions = true)
public final class TraceCommand implements Callable<Integer> {
    @Mixin
    private EndpointOptions filter;
    @Mixin
    private ClientOptions options;
    @Option(names = {"-n", "--count"}, paramLabel = "COUNT", description = "End after that many packets.")
    private Integer count;
    @Option(names = {"-w",
            "--write"}, paramLabel = "FILE", description = "Write the packets into a capture file too, as they came in and as they left, "
                    + "with the decisions as comments (pcapng, for Wireshark).")
    private Path file;
    @Spec
    private CommandSpec spec;
    private int number;

    @Override
    public Integer call() throws IOException {
        if (count != null && count < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "-n must be at least 1");
        }
        Map<String, String> parameters = new LinkedHashMap<>(filter.parameters());
        if (count != null) {
            parameters.put("count", count.toString());
        }
        try (GatewayClient client = options.client();
                PcapngWriter capture = file == null ? null : new PcapngWriter(Files.newOutputStream(file))) {
            client.follow("trace", parameters, () -> tell("tracing; Ctrl-C ends it"), line -> show(line, capture));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (count == null || number < count) {
            throw new ClientException("the gateway has stopped");
        }
        return ExitStatus.OK;
    }

    private void show(JsonNode line, PcapngWriter capture) {
        if (line.path("lost").isNumber()) {
            tell(line.path("lost").asString() + " packets are missing here: they came too fast");
            return;
        }
        number++;
        TraceView packet = Json.as(line, TraceView.class);
        PrintWriter out = spec.commandLine().getOut();
        if (options.json()) {
            out.println(line);
        } else {
            TraceText.block(number, packet).forEach(out::println);
            out.println();
        }
        if (out.checkError()) {
            throw new ClientException("nobody reads what is printed");
        }
        if (capture != null) {
            try {
                capture.write(number, packet);
            } catch (IOException e) {
                throw new ClientException(file + " can't be written: " + e.getMessage());
            }
        }
    }

    private void tell(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sluice: " + text);
        err.flush();
    }
}
