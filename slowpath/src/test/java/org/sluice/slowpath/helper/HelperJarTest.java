package org.sluice.slowpath.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelperJarTest {
    @TempDir
    private Path directory;
    private JarMaker maker;

    @BeforeEach
    void make() {
        maker = new JarMaker(directory);
    }

    private static void assertRefused(Path jar, String why) {
        assertThatThrownBy(() -> HelperJar.open(jar, null)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void shouldOpenAHelper() throws IOException {
        Path file = maker.make("good", "Rendezvous", JarMaker.RENDEZVOUS);
        try (HelperJar jar = HelperJar.open(file, "rendezvous")) {
            assertThat(jar.helper().spec().ports()).containsExactly(7000);
            assertThat(jar.nat()).isNull();
        }
    }

    @Test
    void shouldRefuseWhatIsNoJar() throws IOException {
        assertRefused(directory.resolve("missing.jar"), "there is no file");
        assertRefused(Files.writeString(directory.resolve("text.jar"), "not a jar"), "can't be read as a jar");
    }

    @Test
    void shouldRefuseAJarWithoutAHelper() throws IOException {
        assertRefused(maker.make("empty", "Rendezvous", JarMaker.RENDEZVOUS, Map.of(), "1"),
                "META-INF/services/org.sluice.helpers.spi.Helper");
        assertRefused(maker.make("absent", "Rendezvous", JarMaker.RENDEZVOUS,
                Map.of("org.sluice.helpers.spi.Helper", "people.Missing"), "1"), "people.Missing");
        assertRefused(maker.make("other", "Rendezvous", JarMaker.RENDEZVOUS,
                Map.of("org.sluice.helpers.spi.Helper", "java.lang.String"), "1"), "holds no helper");
    }

    @Test
    void shouldRefuseAnotherVersionOfTheInterfaces() throws IOException {
        assertRefused(maker.make("old", "Rendezvous", JarMaker.RENDEZVOUS,
                Map.of("org.sluice.helpers.spi.Helper", "people.Rendezvous"), "0"), "was made for version 0");
    }

    @Test
    void shouldRefuseAnotherName() throws IOException {
        Path file = maker.make("good", "Rendezvous", JarMaker.RENDEZVOUS);
        assertThatThrownBy(() -> HelperJar.open(file, "talk")).hasMessageContaining("holds the helper \"rendezvous\"");
        assertRefused(maker.make("shout", "Rendezvous", JarMaker.RENDEZVOUS.replace("\"rendezvous\"", "\"A B\"")),
                "lower case");
    }

    @Test
    void shouldRefuseAHelperThatFailsAtOnce() throws IOException {
        String failing = JarMaker.RENDEZVOUS.replace("return HelperSpec.tcp(\"rendezvous\", 7000);",
                "throw new StackOverflowError();");
        assertRefused(maker.make("failing", "Rendezvous", failing), "StackOverflowError");
    }

    @Test
    void shouldNotShowTheGatewayToIt() throws IOException {
        String curious = JarMaker.RENDEZVOUS.replace("return HelperSpec.tcp(\"rendezvous\", 7000);",
                "return HelperSpec.tcp(\"rendezvous\", org.sluice.slowpath.conntrack.ExpectationTable.LIMIT"
                        + " + new org.sluice.slowpath.route.RouteTable().hashCode());");
        assertRefused(maker.make("curious", "Rendezvous", curious), "NoClassDefFoundError");
    }
}
