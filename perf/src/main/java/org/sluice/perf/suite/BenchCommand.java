package org.sluice.perf.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.sluice.mgmt.cli.ExitStatus;
import org.sluice.mgmt.cli.FurtherCommand;
import org.sluice.mgmt.cli.Version;
import org.sluice.perf.suite.report.Environment;
import org.sluice.perf.suite.report.JsonReport;
import org.sluice.perf.suite.report.MarkdownReport;
import org.sluice.perf.suite.report.Report;
import org.sluice.perf.suite.report.SvgPlots;
import org.sluice.perf.suite.report.Table;
import org.sluice.perf.suite.report.TextReport;
import org.sluice.perf.suite.stand.Programs;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice bench}: Sluice beside the kernel and other software, in one run. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = {
        "Measures Sluice beside the kernel's NAT, Open vSwitch and DPDK, in one run.",
        "Makes network namespaces of its own, and removes them. What is not installed is said in the tables; "
                + "packaging/bin/bench-tools of a checkout installs it. Needs root."})
public final class BenchCommand implements FurtherCommand {
    private static final String ROOT = "root";
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "EXPERIMENT", arity = "0..*", completionCandidates = ExperimentNames.class, description = "what to measure: ${COMPLETION-CANDIDATES} (default: all)")
    private List<String> experiments = new ArrayList<>();

    @Option(names = "--only", paramLabel = "RIVAL", split = ",", completionCandidates = RivalNames.class, description = "who takes part: ${COMPLETION-CANDIDATES} (default: all)")
    private List<String> only = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "N", description = "turns of all rivals, of which the medians count; a third of them for searches (default: 3; quick: 1)")
    private Integer rounds;

    @Option(names = "--seconds", paramLabel = "N", description = "length of each measurement (default: 3; quick: 1)")
    private Integer seconds;

    @Option(names = "--quick", description = "fewer sizes, flows and connections: shows that all works, measures little")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "writes the report as JSON")
    private Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "writes the report as Markdown")
    private Path markdown;

    @Option(names = "--svg", paramLabel = "DIRECTORY", description = "writes the plots as SVG")
    private Path svg;

    @Option(names = "--output", paramLabel = "DIRECTORY", description = "writes report.md, report.json and the plots")
    private Path output;

    /** Created by {@link java.util.ServiceLoader}. */
    public BenchCommand() {}

    /** For completion and help. */
    static final class ExperimentNames extends ArrayList<String> {
        ExperimentNames() {
            super(Experiments.names());
        }
    }

    /** For completion and help. */
    static final class RivalNames extends ArrayList<String> {
        RivalNames() {
            super(Rivals.names());
        }
    }

    @Override
    public Integer call() throws Exception {
        List<Experiment> chosen = choose();
        Settings settings = new Settings(positive("--rounds", rounds, quick ? 1 : 3),
                positive("--seconds", seconds, quick ? 1 : 3), quick, List.copyOf(only));
        if (!ROOT.equals(System.getProperty("user.name"))) {
            throw new IllegalStateException("network namespaces need root; try: sudo sluice bench");
        }
        if ((svg != null || output != null) && !SvgPlots.isPossible()) {
            throw new IllegalStateException("this Java runtime can't draw, it lacks the module java.desktop; use "
                    + "--json or --markdown, or run from a checkout with a whole JDK");
        }
        Environment environment = Environment.here(Version.number(), programs(), settings.toString());
        System.out.print(TextReport.environment(environment));
        Bench bench = new Bench(settings, BenchCommand::progress);
        long begin = System.nanoTime();
        List<Table> tables = new ArrayList<>();
        for (Experiment experiment : chosen) {
            Table table = experiment.run(bench);
            tables.add(table);
            System.out.println();
            System.out.print(TextReport.table(table));
            System.out.flush();
        }
        progress("all of it took %d minutes"
                .formatted(Math.ceilDiv(System.nanoTime() - begin, TimeUnit.MINUTES.toNanos(1))));
        write(new Report(environment, tables));
        return tables.stream().anyMatch(BenchCommand::hasFailed) ? ExitStatus.FAILED : CommandLine.ExitCode.OK;
    }

    private List<Experiment> choose() {
        for (String name : experiments) {
            if (!Experiments.names().contains(name)) {
                throw wrong(
                        "there is no experiment " + name + "; there are: " + String.join(", ", Experiments.names()));
            }
        }
        for (String name : only) {
            if (!Rivals.names().contains(name)) {
                throw wrong("there is no rival " + name + "; there are: " + String.join(", ", Rivals.names()));
            }
        }
        return Experiments.ALL.stream()
                .filter(experiment -> experiments.isEmpty() || experiments.contains(experiment.name())).toList();
    }

    private int positive(String option, Integer value, int otherwise) {
        if (value != null && value < 1) {
            throw wrong(option + " is " + value + "; it is at least 1");
        }
        return value == null ? otherwise : value;
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    private static Map<String, String> programs() {
        Map<String, String> programs = new LinkedHashMap<>();
        programs.put("nft", Programs.version("nft", "--version"));
        programs.put("ovs-vswitchd", Programs.version("ovs-vswitchd", "--version"));
        programs.put("ovs-vswitchd-dpdk", Programs.version("ovs-vswitchd-dpdk", "--version"));
        programs.put("dpdk-testpmd", Programs.version("dpdk-testpmd", "--version"));
        programs.put("iperf3", Programs.version("iperf3", "--version"));
        programs.put("conntrack", Programs.version("conntrack", "--version"));
        return programs;
    }

    private static void progress(String line) {
        System.err.println(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + " " + line);
    }

    private static boolean hasFailed(Table table) {
        return table.rows().stream().flatMap(List::stream)
                .anyMatch(cell -> cell instanceof String text && text.contains("failed: "));
    }

    private void write(Report report) throws IOException {
        if (output != null) {
            save(output.resolve("report.md"), MarkdownReport.of(report));
            save(output.resolve("report.json"), JsonReport.of(report));
            SvgPlots.write(report, output);
        }
        if (markdown != null) {
            save(markdown, MarkdownReport.of(report));
        }
        if (json != null) {
            save(json, JsonReport.of(report));
        }
        if (svg != null) {
            SvgPlots.write(report, svg);
        }
    }

    private static void save(Path file, String text) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
    }
}
