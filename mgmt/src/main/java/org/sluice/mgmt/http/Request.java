package org.sluice.mgmt.http;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request, as far as resources care.
 *
 * @param method in capitals; HEAD comes as GET
 * @param path decoded, without the query
 * @param query parameters, decoded
 * @param accept the Accept header, or empty
 * @param name what stands for the last, variable part of the path; empty when it has none
 * @param body as it came
 */
record Request(String method, String path, Map<String, List<String>> query, String accept, String name, String body) {

    /** @param name of the thing that the path ends with */
    Request named(String name) {
        return new Request(method, path, query, accept, name, body);
    }

    /** @throws BadRequestException when a parameter is none of these, or stands twice */
    void allowParameters(Set<String> known) {
        query.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw new BadRequestException("unknown parameter \"" + name + "\"; "
                        + (known.isEmpty() ? "there are none here" : "known are " + String.join(", ", known)));
            }
            if (values.size() > 1) {
                throw new BadRequestException("the parameter \"" + name + "\" stands here twice");
            }
        });
    }

    /** @return null when it is not there */
    String parameter(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.getFirst();
    }

    /** @return false when it is not there. @throws BadRequestException when it is neither true nor false */
    boolean flag(String name) {
        String text = parameter(name);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw new BadRequestException("\"" + name + "\" must be true or false");
        }
        return "true".equals(text);
    }

    /** @throws BadRequestException when it is no number from min to max */
    int number(String name, int byDefault, int min, int max) {
        String text = parameter(name);
        if (text == null) {
            return byDefault;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new BadRequestException("\"" + name + "\" must be a number from " + min + " to " + max);
    }
}
