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
import org.sluice.helpers.spi.Transport;

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
        HelperJar jar = HelperJar.open(file, "rendezvous");
        assertThat(jar.helper().spec().ports()).containsExactly(7000);
        assertThat(jar.nat()).isNull();
    }

    @Test
    void shouldReadEveryTransportThatTheHelperNames() throws IOException {
        Path file = maker.make("both", "Rendezvous", JarMaker.RENDEZVOUS.replace("public HelperSession newSession",
                "public java.util.Set<Transport> transports() { return java.util.Set.of(Transport.TCP, Transport.UDP); }"
                        + "\npublic HelperSession newSession"));
        assertThat(HelperJar.open(file, null).helper().transports()).containsExactlyInAnyOrder(Transport.TCP,
                Transport.UDP);
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

    private Path withSpec(String name, String body) throws IOException {
        return maker.make(name, "Rendezvous",
                JarMaker.RENDEZVOUS.replace("return HelperSpec.tcp(\"rendezvous\", 7000);", body));
    }

    @Test
    void shouldRefuseAHelperThatLoopsOrEatsMemoryAtOnce() throws IOException {
        assertRefused(withSpec("loops", "while (true) { }"), "more than 2,000,000 steps");
        assertRefused(withSpec("deep", "return spec();"), "StackOverflowError");
        assertRefused(withSpec("large", "return HelperSpec.tcp(\"\" + new long[1 << 28].length, 1);"),
                "more than 33,554,432 bytes");
        assertRefused(withSpec("static", "return Slow.SPEC; }"
                + " static final class Slow { static final HelperSpec SPEC; static { for (int i = 0; i >= 0; i = 0) { }"
                + " SPEC = null; }"), "more than 2,000,000 steps");
    }

    @Test
    void shouldRefuseWhatWouldMakeTheConductorWait() throws IOException {
        assertRefused(withSpec("thread", "new Thread(() -> { }).start(); return null;"), "java.lang.Thread");
        assertRefused(withSpec("file", "new java.io.File(\"x\").delete(); return null;"), "java.io.File");
        assertRefused(withSpec("exit", "System.exit(1); return null;"), "java.lang.System.exit");
        assertRefused(withSpec("names", "try { java.net.InetAddress.getByName(\"x\"); }"
                + " catch (java.net.UnknownHostException e) { } return null;"), "java.net.InetAddress.getByName");
    }

    /** Code of every shape goes through the fence and does what it did. */
    @Test
    void shouldNotChangeWhatAHelperDoes() throws IOException {
        Path file = withSpec("shapes", """
                int sum = 0;
                for (int i = 0; i < 10; i++) { for (int j : new int[] {1, 2, 3}) { if (j == 2) continue; sum += j; } }
                do { sum++; } while (sum % 7 != 0);
                String text = switch (sum % 3) { case 0 -> "a"; case 1 -> "b"; default -> "c"; };
                java.util.function.IntUnaryOperator twice = x -> { synchronized (this) { return 2 * x; } };
                try { Integer.parseInt(text); } catch (NumberFormatException e) { sum = twice.applyAsInt(sum); }
                finally { sum++; }
                long[][] grid = new long[2][3];
                record Pair(Object left, int right) { }
                Object pair = new Pair(grid, sum);
                if (pair instanceof Pair(long[][] g, int r) && g.length == 2) { sum = r; }
                return HelperSpec.tcp("rendezvous", sum);
                """);
        assertThat(HelperJar.open(file, null).helper().spec().ports()).containsExactly(85);
    }
}
