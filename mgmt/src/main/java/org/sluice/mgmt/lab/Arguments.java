package org.sluice.mgmt.lab;

import java.util.HashMap;
import java.util.Map;

/** The {@code key=value} arguments of a traffic program. */
final class Arguments {
    private final Map<String, String> values = new HashMap<>();

    /** @param words the first {@code skip} of which are something else */
    Arguments(String[] words, int skip) {
        for (int i = skip; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("key=value expected, found " + words[i]);
            }
            values.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
    }

    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException(key + "=... is missing");
        }
        return value;
    }

    String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    int number(String key, int otherwise) {
        String value = values.get(key);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
