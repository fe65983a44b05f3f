package org.sluice.helpers.h323;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the table of types, {@code types.txt}, whose notation is explained in its head. */
final class Types {
    private static final Pattern TOKEN = Pattern.compile("\\.{2,3}|::=|[{}(),!]|[\\w-]+");
    private static final Map<String, Type> ALL = new Types(load()).read();

    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Type> table = new HashMap<>();
    private int at;

    private Types(String text) {
        Matcher matcher = TOKEN.matcher(text.replaceAll("(?m)--.*$", ""));
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
    }

    /** @return a type of the table. @throws IllegalArgumentException when it is not there */
    static Type named(String name) {
        Type type = ALL.get(name);
        if (type == null) {
            throw new IllegalArgumentException("the table has no type " + name);
        }
        return type;
    }

    /** @return all of the table. */
    static Map<String, Type> all() {
        return ALL;
    }

    private static String load() {
        try (InputStream in = Types.class.getResourceAsStream("types.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Type> read() {
        while (at < tokens.size()) {
            String name = next();
            expect("::=");
            table.put(name, type());
        }
        return Map.copyOf(table);
    }

    private Type type() {
        String word = next();
        return switch (word) {
            case "SEQUENCE" -> {
                if (isNext("OF")) {
                    yield new Type.ListOf(type());
                }
                Body body = body();
                yield new Type.Structure(body.root, body.isExtensible, body.additions);
            }
            case "CHOICE" -> {
                Body body = body();
                yield new Type.Choice(body.root, body.isExtensible, body.additions);
            }
            case "CONTAINING" -> new Type.Containing(type());
            case "BOOLEAN" -> new Type.Bits(1);
            case "NULL" -> new Type.Bits(0);
            case "BITS" -> new Type.Bits((int) range()[0]);
            case "INTEGER" -> {
                long[] range = range();
                yield new Type.Int(range[0], range[1]);
            }
            case "OCTETS" -> units(Byte.SIZE);
            case "DIGITS" -> units(Byte.SIZE / 2);
            case "BMP" -> units(Character.SIZE);
            case "OID" -> new Type.Units(Byte.SIZE, 0, -1);
            case "REST" -> new Type.Rest();
            case "UNKNOWN" -> new Type.Unknown();
            default -> new Type.Reference(word, table);
        };
    }

    private Type units(int bits) {
        if (!peek().equals("(")) {
            return new Type.Units(bits, 0, -1);
        }
        long[] range = range();
        return new Type.Units(bits, range[0], range[1]);
    }

    /** {@code (7)} or {@code (1..128)}. */
    private long[] range() {
        expect("(");
        long min = Long.parseLong(next());
        long max = isNext("..") ? Long.parseLong(next()) : min;
        expect(")");
        return new long[]{min, max};
    }

    private static final class Body {
        private final List<Type.Field> root = new ArrayList<>();
        private final List<Type.Field> additions = new ArrayList<>();
        private boolean isExtensible;
    }

    private Body body() {
        Body body = new Body();
        expect("{");
        do {
            if (isNext("...")) {
                body.isExtensible = true;
            } else {
                (body.isExtensible ? body.additions : body.root).add(field());
            }
        } while (isNext(","));
        expect("}");
        return body;
    }

    private Type.Field field() {
        String name = next();
        boolean isReported = isNext("!");
        boolean hasType = !peek().equals(",") && !peek().equals("}");
        return new Type.Field(name, hasType ? type() : null, isNext("OPTIONAL"), isReported);
    }

    private String peek() {
        return tokens.get(at);
    }

    private String next() {
        return tokens.get(at++);
    }

    private boolean isNext(String token) {
        boolean is = peek().equals(token);
        at += is ? 1 : 0;
        return is;
    }

    private void expect(String token) {
        if (!isNext(token)) {
            throw new IllegalStateException(
                    "\"" + token + "\" is missing before \"" + peek() + "\" in the table of types");
        }
    }
}
