package org.sluice.mgmt.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A value in the file, with its place and the path of keys that leads to it. Problems go to the list it was made with. */
final class Node {
    private final org.snakeyaml.engine.v2.nodes.Node yaml;
    private final String path;
    private final List<Problem> problems;
    /** It is not what was expected, which has been told; what else follows from that is not worth telling. */
    private boolean misread;

    Node(org.snakeyaml.engine.v2.nodes.Node yaml, String path, List<Problem> problems) {
        this.yaml = yaml;
        this.path = path;
        this.problems = problems;
    }

    String path() {
        return path;
    }

    void error(String message) {
        if (misread) {
            return;
        }
        problems.add(problem(yaml, path, message, false));
    }

    void warn(String message) {
        problems.add(problem(yaml, path, message, true));
    }

    private static Problem problem(org.snakeyaml.engine.v2.nodes.Node at, String path, String message,
            boolean warning) {
        Optional<Mark> mark = at.getStartMark();
        return new Problem(mark.map(m -> m.getLine() + 1).orElse(0), mark.map(m -> m.getColumn() + 1).orElse(0), path,
                message,
                warning);
    }

    boolean isMap() {
        return yaml instanceof MappingNode;
    }

    boolean isList() {
        return yaml instanceof SequenceNode;
    }

    boolean isScalar() {
        return yaml instanceof ScalarNode;
    }

    /** @return the text of a scalar; empty, with an error noted, of anything else. */
    String text() {
        if (yaml instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        error("a single value is expected here");
        misread = true;
        return "";
    }

    /** @return the entries of a mapping. Keys that are not known, or stand twice, are errors. */
    Map<String, Node> map(String... known) {
        Map<String, Node> entries = entries();
        List<String> allowed = List.of(known);
        entries.keySet().removeIf(key -> {
            if (allowed.contains(key)) {
                return false;
            }
            String nearest = Nearest.of(key, allowed);
            keyProblem(key, "unknown key \"" + key + "\"; "
                    + (nearest == null
                            ? "known are " + String.join(", ", allowed)
                            : "did you mean \"" + nearest + "\"?"));
            return true;
        });
        return entries;
    }

    /** @return the entries of a mapping whose keys are names. */
    Map<String, Node> entries() {
        Map<String, Node> entries = new LinkedHashMap<>();
        if (!(yaml instanceof MappingNode mapping)) {
            error("keys with values are expected here, such as \"key: value\"");
            misread = true;
            return entries;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(problem(tuple.getKeyNode(), path, "a key must be a plain word", false));
                continue;
            }
            String name = key.getValue();
            if (entries.containsKey(name)) {
                problems.add(problem(key, join(name), "the key \"" + name + "\" stands here twice; remove one", false));
            } else {
                entries.put(name, new Node(tuple.getValueNode(), join(name), problems));
            }
        }
        return entries;
    }

    private void keyProblem(String key, String message) {
        for (NodeTuple tuple : ((MappingNode) yaml).getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key)) {
                problems.add(problem(scalar, join(key), message, false));
            }
        }
    }

    private String join(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** @return the elements of a list; a value that is no list counts as its only element. */
    List<Node> list() {
        List<Node> elements = new ArrayList<>();
        if (yaml instanceof SequenceNode sequence) {
            for (int i = 0; i < sequence.getValue().size(); i++) {
                elements.add(new Node(sequence.getValue().get(i), path + "[" + i + "]", problems));
            }
        } else {
            elements.add(this);
        }
        return elements;
    }
}
