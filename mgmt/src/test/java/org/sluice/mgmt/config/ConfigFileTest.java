package org.sluice.mgmt.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not there, can't be read, or mean harm. */
class ConfigFileTest {
    @TempDir
    private Path folder;

    private static String problem(Path file) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file));
        assertThat(e).as("loading " + file).isNotNull();
        assertThat(e.problems()).hasSize(1);
        assertThat(e.getMessage()).startsWith(file.toString());
        return e.getMessage().substring(file.toString().length());
    }

    @Test
    void shouldLoadAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("sluice.yaml"), Problems.BASE);
        assertThat(ConfigLoader.load(file).config().gateway().interfaces()).hasSize(2);
    }

    @Test
    void shouldLoadAFileWithAByteOrderMarkAndCrLf() throws Exception {
        Path file = Files.writeString(folder.resolve("sluice.yaml"), "\uFEFF" + Problems.BASE.replace("\n", "\r\n"));
        assertThat(ConfigLoader.load(file).config().gateway().interfaces()).hasSize(2);
    }

    @Test
    void shouldTellThatThereIsNoFile() {
        assertThat(problem(folder.resolve("none.yaml"))).isEqualTo(": there is no such file; name one with --config");
    }

    @Test
    void shouldTellThatAFileStandsInTheWay() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(problem(file.resolve("sluice.yaml"))).startsWith(": can't be read: ").contains("Not a directory");
    }

    @Test
    void shouldTellThatItIsAFolder() {
        assertThat(problem(folder)).isEqualTo(": this is a directory; name the file in it");
    }

    @Test
    void shouldTellThatItCanNotBeRead() throws IOException {
        // permissions do not stop root; a link to itself stops anybody
        Path loop = folder.resolve("loop.yaml");
        Files.createSymbolicLink(loop, loop);
        assertThat(problem(loop)).startsWith(": can't be read: ").contains("symbolic link");
    }

    @Test
    void shouldTellThatItIsNotUtf8() throws IOException {
        Path file = Files.write(folder.resolve("l1.yaml"), "state: /für\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problem(file)).isEqualTo(": this is not a text file in UTF-8");
    }

    @Test
    void shouldTellThatItIsBinary() throws IOException {
        Path file = Files.write(folder.resolve("zero.yaml"), new byte[]{'a', ':', 0, 1, 2});
        assertThat(problem(file)).contains("this is not YAML");
    }

    @Test
    void shouldTellThatItIsEmpty() throws IOException {
        assertThat(problem(Files.createFile(folder.resolve("empty.yaml")))).contains("the file is empty");
    }

    @Test
    void shouldNotReadWithoutEnd() throws IOException {
        Path file = Files.writeString(folder.resolve("large.yaml"),
                "# " + "x".repeat(3_000_000) + "\n" + Problems.BASE);
        assertThat(problem(file)).contains("larger than");
        assertThat(problem(Path.of("/dev/zero"))).contains("larger than");
    }

    @Test
    void shouldNotBeBlownUpByAliases() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [")
                    .append(("*a" + (i - 1) + ", ").repeat(9)).append("x]\n");
        }
        for (String key : new String[]{"nat", "helpers", "routes", "interfaces"}) {
            assertThat(Problems.of(bomb + key + ": *a39\n")).isNotEmpty().hasSizeLessThan(1_000);
        }
        // each list in the place where it is looked at element by element, below another
        String nested = "policy: {rules: [" + "{proto: &p [" + "x, ".repeat(50) + "x], action: drop}, "
                + "{proto: *p, action: drop}, ".repeat(200) + "]}\n";
        assertThat(Problems.after(nested)).hasSizeLessThan(1_000);
    }

    @Test
    void shouldNotBeCaughtInAnEndlessAlias() {
        assertThat(Problems.of("&a\ninterfaces: *a\n")).isNotEmpty();
        assertThat(Problems.after("nat: &n [*n]\n")).isNotEmpty();
        assertThat(Problems.after("helpers: &n [{name: x, options: *n}]\n")).isNotEmpty();
    }

    @Test
    void shouldNotFallIntoTheDepths() {
        assertThat(Problems.of("nat: " + "[".repeat(20_000))).isNotEmpty();
        assertThat(Problems.of("nat: " + "{a: ".repeat(20_000))).isNotEmpty();
    }
}
