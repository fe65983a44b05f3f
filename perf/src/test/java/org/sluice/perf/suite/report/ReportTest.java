package org.sluice.perf.suite.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class ReportTest {
    private static final Report REPORT = new Report(
            new Environment(Instant.parse("2026-11-25T23:00:00Z"), "a processor", 2, 1L << 34, "6.18", "25", "0.1.0",
                    Map.of("iperf3", "not installed"), 3.5, "rounds 3"),
            List.of(new Table("udp", "small packets", "One source.", "rival", "packets/s", "ratio", "remark")
                    .row("kernel", 123_456.7, 1.0, "").row("o|vs", null, null, "not installed: ovs-vsctl")
                    .note("a note")
                    .plot(new Plot("udp", "small packets", "flows", "packets/s", true,
                            List.of(new Plot.Line("kernel", List.of(10.0, 100.0), List.of(3.0, 2.0)))))));

    @Test
    void shouldPrintAlignedColumns() {
        assertThat(TextReport.table(REPORT.tables().getFirst()).lines().toList()).containsExactly(
                "udp: small packets",
                "  rival   packets/s  ratio                    remark",
                "  kernel    123,457   1.00",
                "  o|vs            –      –  not installed: ovs-vsctl",
                "  a note");
    }

    @Test
    void shouldWarnOfABusyMachine() {
        assertThat(TextReport.environment(REPORT.environment())).contains("iperf3: not installed",
                "warning: the load is 3.50 on 2 cores");
    }

    @Test
    void shouldWriteMarkdown() {
        assertThat(MarkdownReport.of(REPORT)).contains("# sluice bench, 2026-11-25T23:00:00Z\n",
                "busy with other things",
                "\n## udp: small packets\n\nOne source.\n\n| rival | packets/s | ratio | remark |\n"
                        + "| --- | ---: | ---: | ---: |\n| kernel | 123,457 | 1.00 |  |\n",
                "| o\\|vs | – | – | not installed: ovs-vsctl |\n\n- a note\n");
    }

    @Test
    void shouldWriteAllDigitsAsJson() {
        JsonNode json = new ObjectMapper().readTree(JsonReport.of(REPORT));

        assertThat(json.at("/environment/cores").asInt()).isEqualTo(2);
        assertThat(json.at("/busy").asBoolean()).isTrue();
        assertThat(json.at("/experiments/0/name").asString()).isEqualTo("udp");
        assertThat(json.at("/experiments/0/rows/0/packets~1s").asDouble()).isEqualTo(123_456.7);
        assertThat(json.at("/experiments/0/rows/1/packets~1s").isNull()).isTrue();
    }

    @Test
    void shouldDrawPlots(@TempDir Path directory) throws Exception {
        assertThat(SvgPlots.write(REPORT, directory)).isOne();

        String svg = Files.readString(directory.resolve("udp.svg"));
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        assertThat(factory.newDocumentBuilder().parse(directory.resolve("udp.svg").toFile()).getDocumentElement()
                .getTagName()).isEqualTo("svg");
        assertThat(svg).contains("<path");
    }

    @Test
    void shouldRefuseARowOfAnotherLength() {
        assertThatThrownBy(() -> new Table("x", "", "", "a", "b").row(1)).isInstanceOf(IllegalArgumentException.class);
    }
}
