package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.mgmt.lab.Shell;

/** What Prometheus's own tool says of the configuration, the rules and their tests in packaging/prometheus. */
class PromtoolIT {

    @ParameterizedTest
    @CsvSource({"check, config, prometheus.yml", "check, rules, alerts.yml", "test, rules, alerts_test.yml"})
    void shouldPass(String verb, String noun, String file) {
        assertThat(Shell.run(Tools.find("promtool"), verb, noun, Prometheus.FILES.resolve(file).toString()))
                .contains("SUCCESS").doesNotContain("FAILED");
    }
}
