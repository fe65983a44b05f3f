package org.sluice.perf.gen;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.mgmt.cli.ExitStatus;
import org.sluice.mgmt.cli.FurtherCommand;
import org.sluice.mgmt.http.Json;
import org.sluice.perf.gen.Attachment.Driver;
import org.sluice.perf.gen.load.Endpoints;
import org.sluice.perf.gen.load.FrameSizes;
import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.PortRange;
import org.sluice.perf.gen.load.Protocol;
import org.sluice.perf.gen.load.Rate;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice gen}. */
@Command(name = "gen", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Generates packets, and counts those that arrive.",
        "Sends through one device and receives at another, or at the same. It answers ARP and neighbour discovery for the addresses of --from at the "
                + "first and of --to at the second, so that a gateway between them finds both. A device on which the kernel has an "
                + "IPv4 address stays the kernel's too; any other is taken whole while this runs. Ctrl-C ends it early, with its result."})
public final class GenCommand implements FurtherCommand {
    private static final Duration DEFAULT = Duration.ofSeconds(10);
    private static final Duration ENDLESS = Duration.ofDays(3650);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h|d)?");
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)([kmg]?)");
    private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");
    private static final double MILLIS = 1_000;

    @Spec
    private CommandSpec spec;

    @Option(names = {"-d", "--device"}, required = true, paramLabel = "DEVICE", description = "sends through it")
    private String device;

    @Option(names = "--netns", paramLabel = "NAME", defaultValue = "", description = "network namespace of the device, as ip netns names it")
    private String namespace;

    @Option(names = "--sink", paramLabel = "DEVICE", description = "receives (default: the sending device, for answers)")
    private String sink;

    @Option(names = "--sink-netns", paramLabel = "NAME", defaultValue = "", description = "network namespace of the sink's device")
    private String sinkNamespace;

    @Option(names = "--driver", paramLabel = "DRIVER", defaultValue = "af_packet", description = "af_packet or af_xdp, for both devices "
            + "(default: ${DEFAULT-VALUE})")
    private String driver;

    @Option(names = "--from", paramLabel = "ADDRESSES[:PORTS]", defaultValue = "198.18.0.1", description = "sources: an address, FIRST-LAST or a prefix, "
            + "and a port or FIRST-LAST; IPv6 with ports in brackets (default: ${DEFAULT-VALUE}, ports 1024-65535)")
    private String from;

    @Option(names = "--to", paramLabel = "ADDRESSES[:PORTS]", defaultValue = "198.19.0.1", description = "destinations, likewise "
            + "(default: ${DEFAULT-VALUE}, port 9)")
    private String to;

    @Option(names = "--gateway", paramLabel = "ADDRESS", description = "next hop, by IP or MAC address (default: the first destination, on the link itself)")
    private String gateway;

    @Option(names = "--address", paramLabel = "ADDRESS", description = "own address on the sending device's link (default: the first of --from)")
    private String address;

    @Option(names = "--sink-address", paramLabel = "ADDRESS", description = "own address on the sink's link (default: the first of --to)")
    private String sinkAddress;

    @Option(names = {"-p",
            "--proto"}, paramLabel = "PROTOCOL", defaultValue = "udp", description = "udp, tcp (SYN) or icmp (echo requests, whose identifiers are the source "
                    + "ports) (default: ${DEFAULT-VALUE})")
    private String protocol;

    @Option(names = {"-s",
            "--size"}, paramLabel = "SIZES", description = "bytes of a frame with its check sequence, as in RFC 2544: 64, or some in turn (64,512,1518), or "
                    + "with shares (64*7,594*4,1518*1), which imix stands for (default: the smallest with a stamp)")
    private String size;

    @Option(names = {"-r",
            "--rate"}, paramLabel = "RATE", description = "packets a second (1000, 250k, 1.2m), bits of frames a second (100mbit, 1gbit), "
                    + "or max (default: max; of a capture, its own times)")
    private String rate;

    @Option(names = "--flows", paramLabel = "N", defaultValue = "1", description = "flows at the same time, whose packets take turns (default: ${DEFAULT-VALUE})")
    private String flows;

    @Option(names = "--new-flows", paramLabel = "N", defaultValue = "0", description = "flows a second that take the place of the oldest (default: ${DEFAULT-VALUE})")
    private String newFlows;

    @Option(names = "--shuffle", description = "flows take combinations of addresses and ports in pseudorandom order (RFC 9693, 4.4), each once")
    private boolean shuffle;

    @Option(names = {"-t",
            "--duration"}, paramLabel = "TIME", description = "ends then: 10s, 5m (default: 10s, or with --count no end)")
    private String duration;

    @Option(names = {"-c", "--count"}, paramLabel = "N", defaultValue = "0", description = "ends after so many frames")
    private String count;

    @Option(names = "--pcap", paramLabel = "FILE", description = "sends the Ethernet frames of a pcap or pcapng file as they are, and counts every frame at the sink; "
            + "with --gateway MAC they get the Ethernet addresses of the next hop and the device")
    private Path capture;

    @Option(names = "--speed", paramLabel = "FACTOR", defaultValue = "1", description = "of a capture's own times (default: ${DEFAULT-VALUE})")
    private double speed;

    @Option(names = "--loop", paramLabel = "N", defaultValue = "1", description = "sends a capture so often (default: ${DEFAULT-VALUE})")
    private long loops;

    @Option(names = "--latency", description = "demands stamps in all frames, for latency, order and loss by flow; they are there anyway where all sizes have room for them")
    private boolean latency;

    @Option(names = "--json", description = "prints JSON")
    private boolean json;

    /** Created by the ServiceLoader. */
    public GenCommand() {}

    @Override
    public Integer call() throws IOException {
        Load load;
        Replay replay;
        InetAddress nextHop;
        long mac;
        Attachment source;
        Attachment receiver;
        try {
            boolean isMac = gateway != null && MAC.matcher(gateway.toLowerCase(Locale.ROOT)).matches();
            mac = isMac ? Ethernet.parseAddress(gateway) : 0;
            nextHop = gateway == null || isMac ? null : ip(gateway);
            replay = capture == null ? null : replay(mac, nextHop != null);
            load = capture == null ? load() : null;
            source = attachment(device, namespace, address);
            receiver = sink == null ? null : attachment(sink, sinkNamespace, sinkAddress);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        CountDownLatch done = new CountDownLatch(1);
        try (Generator generator = Generator.open(source, receiver)) {
            Thread hook = new Thread(() -> stop(generator, done), "gen-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            print(replay != null
                    ? generator.replay(replay)
                    : mac != 0
                            ? generator.run(load, mac)
                            : nextHop != null ? generator.run(load, nextHop) : generator.run(load));
        } finally {
            done.countDown();
        }
        return ExitStatus.OK;
    }

    /** The devices have to be given back before the process ends. */
    private static void stop(Generator generator, CountDownLatch done) {
        generator.stop();
        try {
            done.await(DEFAULT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(Result result) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? Json.pretty(result) + "\n" : ResultText.of(result));
        out.flush();
    }

    private Attachment attachment(String name, String inNamespace, String own) {
        return new Attachment(name, inNamespace, constant(Driver.class, driver, "--driver"),
                own == null ? null : ip(own));
    }

    private Replay replay(long mac, boolean isByIp) {
        if (isByIp) {
            throw new IllegalArgumentException("with --pcap, --gateway has to be a MAC address");
        }
        return new Replay(capture, speed, rate == null ? null : Rate.parse(rate), loops, mac,
                duration == null ? ENDLESS : duration(duration), (long) amount(count, "--count"));
    }

    private Load load() {
        Endpoints sources = Endpoints.parse(from, Load.UNPRIVILEGED);
        Endpoints destinations = Endpoints.parse(to, Load.DISCARD);
        Protocol chosen = constant(Protocol.class, protocol, "--proto");
        boolean isIpv6 = sources.addresses().isIpv6();
        FrameSizes sizes = size == null
                ? FrameSizes.of(Load.smallest(chosen, isIpv6, true))
                : FrameSizes.parse(size);
        boolean hasRoom = sizes.smallest() >= Load.smallest(chosen, isIpv6, true);
        long frames = (long) amount(count, "--count");
        Duration length = duration == null ? frames > 0 ? ENDLESS : DEFAULT : duration(duration);
        return new Load(chosen, sources, destinations, sizes, rate == null ? Rate.MAX : Rate.parse(rate),
                (int) amount(flows, "--flows"), amount(newFlows, "--new-flows"), length, frames,
                latency || hasRoom, shuffle);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text, String option) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is not known to " + option + "; see --help");
    }

    /** @return a number, which may end with k, m or g. */
    private static double amount(String text, String option) {
        Matcher m = AMOUNT.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a number for " + option + "; write for example 1000, 50k or 1.5m");
        }
        return Double.parseDouble(m.group(1)) * Rate.unit(m.group(2));
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not an address", e);
        }
    }

    static Duration duration(String text) {
        Matcher m = DURATION.matcher(text);
        if (!m.matches() || Double.parseDouble(m.group(1)) == 0) {
            throw new IllegalArgumentException("\"" + text + "\" is not a time; write for example 500ms, 30s or 5m");
        }
        double seconds = Double.parseDouble(m.group(1)) * switch (m.group(2) == null ? "s" : m.group(2)) {
            case "ms" -> 1 / MILLIS;
            case "m" -> 60;
            case "h" -> 3_600;
            case "d" -> 86_400;
            default -> 1;
        };
        return Duration.ofMillis((long) (seconds * MILLIS));
    }
}
