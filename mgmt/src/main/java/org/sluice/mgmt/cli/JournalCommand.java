package org.sluice.mgmt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sluice.mgmt.http.Json;
import org.sluice.slowpath.journal.Holding;
import org.sluice.slowpath.journal.JournalLog;
import org.sluice.slowpath.journal.NatLog;
import org.sluice.slowpath.route.AddressAndPort;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.view.Protocols;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice journal}: reads what a gateway has written down, whether it runs or not. */
@Command(name = "journal", description = "Asks a gateway's journal: who had which outside port when.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
public final class JournalCommand implements Runnable {
    private static final int MAX_PORT = 0xFFFF;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what is to be done: query or export");
    }

    @Command(description = {"Tells who was known by an outside address and port, at a time or ever.",
            "Exit status 1 when nobody was."}, mixinStandardHelpOptions = true)
    int query(@Parameters(paramLabel = "ADDRESS", description = "Outside address.") String address,
            @Parameters(paramLabel = "PORT", description = "Outside port, or identifier of a ping.") int port,
            @Option(names = "--at", paramLabel = "TIME", converter = Moment.class, description = "Only who was at that time, such as 2026-11-23T20:15:00Z.") Instant at,
            @Option(names = "--proto", paramLabel = "NAME", description = "Only of that protocol: tcp, udp, icmp, or a number.") String protocol,
            @Option(names = "--json", description = "Print JSON.") boolean json, @Mixin StateOption state)
            throws IOException {
        IpAddress outside = address(address);
        if (port < 0 || port > MAX_PORT) {
            throw new CommandLine.ParameterException(spec.commandLine(), port + " is not a port");
        }
        List<Holding> found = new ArrayList<>();
        int damages;
        try (Progress progress = Progress.on(spec.commandLine().getErr())) {
            damages = NatLog.read(state.folder(), progress::read, h -> {
                if (h.outsidePort() == port && h.outside().equals(outside)
                        && (at == null || h.isAt(at.toEpochMilli())) && isOf(h, protocol)) {
                    found.add(h);
                }
            });
        }
        warn(damages);
        print(found, json);
        return found.isEmpty() ? ExitStatus.FAILED : ExitStatus.OK;
    }

    private IpAddress address(String text) {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "\"" + text + "\" is not an address", e);
        }
    }

    private static boolean isOf(Holding h, String protocol) {
        return protocol == null || protocol.equals(Integer.toString(h.protocol()))
                || protocol.toLowerCase(Locale.ROOT).equals(Protocols.name(h.protocol()));
    }

    private void print(List<Holding> found, boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.pretty(found.stream().map(JournalCommand::view).toList()));
        } else if (found.isEmpty()) {
            out.println("nobody, as far as the journal goes back");
        } else {
            Table table = new Table("FROM", "UNTIL", "PROTO", "INSIDE", "OUTSIDE", "PEER");
            for (Holding h : found) {
                table.row(Instant.ofEpochMilli(h.from()),
                        h.until() == Holding.STILL ? "now" : Instant.ofEpochMilli(h.until()),
                        Protocols.name(h.protocol()), AddressAndPort.text(h.inside(), h.insidePort()),
                        AddressAndPort.text(h.outside(), h.outsidePort()),
                        h.peer() == null ? null : AddressAndPort.text(h.peer(), h.peerPort()));
            }
            table.print(out);
        }
        out.flush();
    }

    private static Map<String, Object> view(Holding h) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("from", Instant.ofEpochMilli(h.from()).toString());
        view.put("until", h.until() == Holding.STILL ? null : Instant.ofEpochMilli(h.until()).toString());
        view.put("proto", Protocols.name(h.protocol()));
        view.put("inside", h.inside().toString());
        view.put("inside_port", h.insidePort());
        view.put("outside", h.outside().toString());
        view.put("outside_port", h.outsidePort());
        view.put("peer", h.peer() == null ? null : h.peer().toString());
        view.put("peer_port", h.peer() == null ? null : h.peerPort());
        view.put("packets", h.packets());
        view.put("bytes", h.bytes());
        return view;
    }

    @Command(description = "Prints every record as a line of JSON, oldest first.", mixinStandardHelpOptions = true)
    int export(
            @Option(names = "--from", paramLabel = "TIME", converter = Moment.class, description = "Leaves out what was written before.") Instant from,
            @Option(names = "--to", paramLabel = "TIME", converter = Moment.class, description = "Leaves out what was written from then on.") Instant to,
            @Mixin StateOption state) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        long begin = from == null ? Long.MIN_VALUE : from.toEpochMilli();
        long end = to == null ? Long.MAX_VALUE : to.toEpochMilli();
        int damages;
        try (Progress progress = Progress.on(spec.commandLine().getErr())) {
            damages = JournalLog.read(state.folder(), (entry, sequence, time) -> {
                progress.read(time);
                if (time >= begin && time < end) {
                    out.println(Json.text(JournalView.of(entry, sequence, time)));
                }
            });
        }
        out.flush();
        warn(damages);
        return ExitStatus.OK;
    }

    private void warn(int damages) {
        if (damages > 0) {
            spec.commandLine().getErr().println(
                    "sluice: " + damages + " place(s) in the journal can't be read; what was there is missing");
            spec.commandLine().getErr().flush();
        }
    }
}
