package org.sluice.helpers.sip;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.DirectBuffer;

/**
 * One message taken apart: start line, header fields, body (RFC 3261 section 7). Offsets count from its first byte.
 *
 * @param text one character a byte
 * @param body where the body begins
 */
record SipMessage(String text, int startLineEnd, List<Field> fields, int body) {
    private static final int MAX_FIELDS = 128;
    private static final Pattern START = Pattern.compile("SIP/2\\.0 [1-6]\\d\\d .*|[A-Z]{1,20} \\S+ SIP/2\\.0");
    private static final Map<String, String> COMPACT = Map.of("v", "via", "m", "contact", "l", "content-length",
            "i", "call-id", "f", "from", "t", "to", "c", "content-type");

    /**
     * A header field, its folded lines included.
     *
     * @param name in lower case, never the compact form
     * @param start of the value
     * @param end behind the value
     */
    record Field(String name, int start, int end) {}

    /** @return null when it is not a whole SIP message. */
    static SipMessage read(DirectBuffer b, int offset, int length) {
        String text = b.getStringWithoutLengthAscii(offset, length);
        int startLineEnd = text.indexOf("\r\n");
        if (startLineEnd < 0 || !START.matcher(text.substring(0, startLineEnd)).matches()) {
            return null;
        }
        List<Field> fields = new ArrayList<>();
        int at = startLineEnd + 2;
        while (!text.startsWith("\r\n", at)) {
            int end = endOfField(text, at);
            int colon = text.indexOf(':', at);
            if (end < 0 || colon < 0 || colon > end || fields.size() == MAX_FIELDS) {
                return null;
            }
            String name = text.substring(at, colon).strip().toLowerCase(Locale.ROOT);
            fields.add(new Field(COMPACT.getOrDefault(name, name), colon + 1, end));
            at = end + 2;
        }
        return new SipMessage(text, startLineEnd, List.copyOf(fields), at + 2);
    }

    /** A line that begins with a blank continues the one before it. */
    private static int endOfField(String text, int start) {
        int end = text.indexOf("\r\n", start);
        while (end >= 0 && end + 2 < text.length() && (text.charAt(end + 2) == ' ' || text.charAt(end + 2) == '\t')) {
            end = text.indexOf("\r\n", end + 2);
        }
        return end;
    }

    boolean isRequest(String method) {
        return text.startsWith(method + " ");
    }

    /** @return value of the first such field without blanks around it, or "". */
    String value(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return text.substring(field.start(), field.end()).strip();
            }
        }
        return "";
    }

    /** @return a matcher that finds within these bounds only. */
    Matcher find(Pattern pattern, int start, int end) {
        return pattern.matcher(text).region(start, end).useTransparentBounds(true).useAnchoringBounds(false);
    }
}
