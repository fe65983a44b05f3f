package org.sluice.mgmt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.mgmt.Sluice;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line as such. */
class UsageTest {

    static List<List<String>> commands() {
        List<List<String>> all = new ArrayList<>();
        collect(Sluice.commandLine(), List.of(), all);
        return all;
    }

    private static void collect(CommandLine line, List<String> path, List<List<String>> all) {
        all.add(path);
        line.getSubcommands().forEach((name, sub) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            collect(sub, longer, all);
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldHelpEverywhere(List<String> command) {
        List<String> args = new ArrayList<>(command);
        args.add("--help");
        Cli cli = Cli.sluice(args.toArray(String[]::new));
        assertThat(cli.status()).isZero();
        assertThat(cli.err()).isEmpty();
        assertThat(cli.lines().getFirst())
                .startsWith(("Usage: sluice " + String.join(" ", command)).strip());
        CommandLine line = Sluice.commandLine();
        for (String name : command) {
            line = line.getSubcommands().get(name);
        }
        assertThat(line.getCommandSpec().usageMessage().description()).as("what it is for").isNotEmpty();
        assertThat(line.getCommandSpec().options()).allSatisfy(
                o -> assertThat(o.hidden() || o.description().length > 0).as(o.longestName()).isTrue());
    }

    @Test
    void shouldHaveTheCommandsOfTheContract() {
        assertThat(commands().stream().map(c -> String.join(" ", c))).contains("lab", "run", "check", "show flows",
                "show expectations", "show helpers", "show interfaces", "show neighbors", "show routes", "show nat",
                "show policy",
                "show counters", "show config", "flush flows", "trace", "watch", "journal query", "journal export",
                "completion");
    }

    /** What a module above this one would bring; META-INF/services of these tests names it. */
    @Command(name = "further", mixinStandardHelpOptions = true, description = "Stands for the command of another module.")
    public static final class Further implements FurtherCommand {
        @Option(names = "--sum", split = ",", description = "numbers")
        private List<Integer> numbers = List.of();

        @Override
        public Integer call() {
            if (numbers.isEmpty()) {
                throw new IllegalStateException("no numbers");
            }
            return numbers.stream().mapToInt(Integer::intValue).sum();
        }
    }

    @Test
    void shouldTakeCommandsOfOtherModules() {
        assertThat(Cli.sluice("further", "--sum", "1,2,4").status()).isEqualTo(7);
        assertThat(Cli.sluice("--help").out()).contains("Stands for the command of another module.");
        assertThat(Cli.sluice("completion").out()).contains("_picocli_sluice_further");
        assertThat(Cli.sluice("further", "--sum", "x").status()).isEqualTo(ExitStatus.WRONG_USAGE);
        Cli failed = Cli.sluice("further");
        assertThat(failed.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(failed.err()).isEqualTo("sluice: no numbers\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chek                      | Did you mean
            show                      | say what is to be shown: config, counters, expectations, flows
            show rotes                | routes
            show flows --sprot 1      | --sport
            show flows --dport http   | --dport
            flush                     | say what is to be ended: flows
            run --config              | --config
            trace -n 0                | -n must be at least 1
            watch --interval 0        | --interval must be from 0.1 to 3600 seconds
            watch -n 0                | -n must be at least 1
            journal                   | say what is to be done: query or export
            journal query --state / 198.51.100.1 70000 | 70000 is not a port
            journal query --state / here 80 | "here" is not an address
            journal query --state / --at noon 198.51.100.1 80 | write for example 2026-11-23T20:15:00Z
            reload --confirm soon     | is not a time up to a day
            reload --confirm 25h      | is not a time up to a day
            check a b                 | Unmatched
            """)
    void shouldEndWithTwoOnWrongUsage(String arguments, String hint) {
        Cli cli = Cli.sluice(arguments.split(" "));
        assertThat(cli.status()).isEqualTo(2);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err()).startsWith("sluice: ").containsIgnoringCase(hint).doesNotContain("Exception");
    }

    @Test
    void shouldEndWithTwoWithoutACommand() {
        Cli cli = Cli.sluice();
        assertThat(cli.status()).isEqualTo(2);
        assertThat(cli.err()).contains("a command is missing").contains("try: sluice --help");
    }

    @Test
    void shouldCompleteEveryCommand() {
        Cli cli = Cli.sluice("completion");
        assertThat(cli.status()).isZero();
        assertThat(cli.out()).startsWith("#!/usr/bin/env bash").contains("complete -F _complete_sluice")
                .contains("flows", "expectations", "--config", "--dport");
    }

    @Test
    void shouldTellItsVersion() {
        assertThat(Cli.sluice("--version").out()).matches("sluice \\S+\n");
    }
}
