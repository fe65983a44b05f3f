package org.sluice.helpers.sip;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;

/**
 * One message taken apart: start line, header fields, body (RFC 3261 section 7). Offsets count from its first byte.
 *
 * @param text one character a byte; in a datagram, something may stand behind the message
 * @param base where it begins in the bytes that are shown
 * @param body where the body begins
 * @param end behind the body
 */
record SipMessage(String text, int base, int startLineEnd, List<Field> fields, int body, int end) {
    static final String HEADER_END = "\r\n\r\n";
    static final Pattern START = Pattern.compile("SIP/2\\.0 [1-6]\\d\\d .*|[A-Z]{1,20} \\S+ SIP/2\\.0");
    private static final int MAX_FIELDS = 128;
    private static final Pattern LENGTH = Pattern.compile("\\d{1,5}");
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
    static SipMessage read(String text, int base) {
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
        SipMessage whole = new SipMessage(text, base, startLineEnd, List.copyOf(fields), at + 2, text.length());
        int length = whole.contentLength();
        return length < 0 || at + 2 + length > text.length()
                ? whole
                : new SipMessage(text, base, startLineEnd, whole.fields, at + 2, at + 2 + length);
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

    /** @return 100 to 699 of an answer; 0 of a request. */
    int status() {
        return text.startsWith("SIP/2.0 ") ? Integer.parseInt(text.substring(8, 11)) : 0;
    }

    /** @return whether it answers a request of that method. */
    boolean isAnswerTo(String method) {
        return status() > 0 && value("cseq").endsWith(" " + method);
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

    /** @return as the message says; -1 when it doesn't. */
    int contentLength() {
        Matcher number = LENGTH.matcher(value("content-length"));
        return number.matches() ? Integer.parseInt(number.group()) : -1;
    }

    /** @return the digits of the Content-Length; null when there are none. */
    Matcher contentLengthDigits() {
        for (Field field : fields) {
            Matcher number = find(LENGTH, field.start(), field.end());
            if (field.name().equals("content-length") && number.find()) {
                return number;
            }
        }
        return null;
    }

    boolean hasSessionDescription() {
        return body < end && value("content-type").toLowerCase(Locale.ROOT).startsWith("application/sdp");
    }

    /** @return a matcher that finds within these bounds only. */
    Matcher find(Pattern pattern, int start, int stop) {
        return pattern.matcher(text).region(start, stop).useTransparentBounds(true).useAnchoringBounds(false);
    }

    /** @return something of an endpoint that stands from {@code start} to before {@code stop}. */
    Mention mention(int start, int stop, SipForm form, Endpoint endpoint) {
        return new Mention(base + start, stop - start, form, endpoint);
    }

    /** @return null when it is no address. */
    static InetAddress address(String literal) {
        try {
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
