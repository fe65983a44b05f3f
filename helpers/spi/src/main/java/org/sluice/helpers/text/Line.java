package org.sluice.helpers.text;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Bytes of one line, read in place. Every method looks at each byte once, so a hostile line costs no more than its length. */
public final class Line {
    private static final String[] HTTP_METHODS = {"GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "OPTIONS ", "PATCH "};
    private static final DirectBuffer NOTHING = new UnsafeBuffer(0, 0);
    private DirectBuffer bytes = NOTHING;
    private int offset;
    private int length;

    /** Sets what is read. */
    public Line wrap(DirectBuffer bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        return this;
    }

    /** Takes away what stands behind that many bytes. */
    void cut(int longest) {
        length = Math.min(length, longest);
    }

    /** @return a line of that text, for tests. */
    public static Line of(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
        return new Line().wrap(new UnsafeBuffer(ascii), 0, ascii.length);
    }

    /** @return in bytes. */
    public int length() {
        return length;
    }

    /** @return the byte as 0 to 255; -1 behind the end. */
    public int at(int index) {
        return index < length ? bytes.getByte(offset + index) & 0xFF : -1;
    }

    /** @return whether the word stands there, in any letter case. @param upperCase in upper case */
    public boolean isWordAt(int index, String upperCase) {
        for (int i = 0; i < upperCase.length(); i++) {
            if (upper(at(index + i)) != upperCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** @return whether what there is from the index on agrees with the word as far as both go. */
    public boolean couldBeWordAt(int index, String upperCase) {
        for (int i = 0; i < upperCase.length() && index + i < length; i++) {
            if (upper(at(index + i)) != upperCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** @return whether it is the first line of an HTTP request (RFC 9112 section 3), which browsers send to any port they are told. */
    public boolean isHttpRequest() {
        for (String method : HTTP_METHODS) {
            if (isWordAt(0, method)) {
                return true;
            }
        }
        return length > 9 && isWordAt(length - 9, " HTTP/1.");
    }

    /** @return whether there is an ASCII control character in it, other than a tab; text has none, nearly everything else does. */
    public boolean hasControls() {
        for (int i = 0; i < length; i++) {
            int c = at(i);
            if (c < ' ' && c != '\t' || c == 0x7F) {
                return true;
            }
        }
        return false;
    }

    /** @return index of the first byte from there on that is not a blank or tab. */
    public int skipBlanks(int index) {
        int i = index;
        while (at(i) == ' ' || at(i) == '\t') {
            i++;
        }
        return i;
    }

    /** @return index of the first such byte from there on, or -1. */
    public int indexOf(int wanted, int from) {
        for (int i = from; i < length; i++) {
            if (at(i) == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** @return index behind the digits that stand there. */
    public int skipDigits(int index) {
        int i = index;
        while (isDigit(at(i))) {
            i++;
        }
        return i;
    }

    /** @return the decimal number between, or -1 when it is empty, has other bytes or is larger than the maximum. */
    public long number(int begin, int end, long max) {
        long value = 0;
        for (int i = begin; i < end; i++) {
            if (!isDigit(at(i))) {
                return -1;
            }
            value = value * 10 + at(i) - '0';
            if (value > max) {
                return -1;
            }
        }
        return end > begin ? value : -1;
    }

    /** @return the bytes between as text. */
    public String text(int begin, int end) {
        byte[] copy = new byte[end - begin];
        bytes.getBytes(offset + begin, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    public static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static int upper(int c) {
        return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
    }

    @Override
    public String toString() {
        return text(0, length);
    }
}
