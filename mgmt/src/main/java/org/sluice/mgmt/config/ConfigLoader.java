package org.sluice.mgmt.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads a configuration file and finds everything that is wrong with it, not only the first thing. */
public final class ConfigLoader {
    private static final LoadSettings SETTINGS = LoadSettings.builder().setUseMarks(true).setAllowDuplicateKeys(true)
            .setMaxAliasesForCollections(20).build();

    private static final int MAX_BYTES = 1 << 20;

    private ConfigLoader() {}

    /**
     * What was read.
     *
     * @param config that can be used
     * @param warnings about it
     */
    public record Loaded(Config config, List<Problem> warnings) {}

    /** @throws ConfigException with every error found. */
    public static Loaded load(Path file) throws ConfigException {
        return parse(file.toString(), read(file));
    }

    /** The same from text. @param file name for messages */
    public static Loaded parse(String file, String text) throws ConfigException {
        List<Problem> problems = new ArrayList<>();
        Config config = null;
        try {
            Optional<org.snakeyaml.engine.v2.nodes.Node> root = new Compose(SETTINGS).composeString(text);
            if (root.isEmpty()) {
                problems.add(new Problem(1, 1, "", "the file is empty; it needs at least \"interfaces:\"", false));
            } else {
                config = ConfigReader.read(new Node(root.get(), "", problems));
            }
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            problems.add(new Problem(mark.map(m -> m.getLine() + 1).orElse(0),
                    mark.map(m -> m.getColumn() + 1).orElse(0), "",
                    "this is not YAML: " + e.getProblem() + "; check the indentation, quotes and brackets here",
                    false));
        } catch (YamlEngineException e) {
            problems.add(new Problem(0, 0, "", "this is not YAML: " + e.getMessage(), false));
        } catch (StackOverflowError e) {
            // the parser calls itself for each level
            problems.add(new Problem(0, 0, "", "lists and keys are nested far deeper than any here need", false));
        }
        // a mapping that is looked at twice tells of its faults twice
        problems = new ArrayList<>(new LinkedHashSet<>(problems));
        problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        if (problems.stream().anyMatch(p -> !p.warning())) {
            throw new ConfigException(file, problems);
        }
        return new Loaded(config, problems);
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("it is larger than 1 MiB, which no configuration is");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
    }

    private static String read(Path file) throws ConfigException {
        String message;
        try {
            if (Files.isDirectory(file)) {
                message = "this is a directory; name the file in it";
            } else {
                return text(file);
            }
        } catch (NoSuchFileException e) {
            message = "there is no such file; name one with --config";
        } catch (CharacterCodingException e) {
            message = "this is not a text file in UTF-8";
        } catch (IOException e) {
            message = "can't be read: " + e.getMessage();
        }
        throw new ConfigException(file.toString(), List.of(new Problem(0, 0, "", message, false)));
    }
}
