package org.sluice.helpers.icq;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** Frames of OSCAR, field by field; every character is one byte. */
final class Messages {
    static final String FILE = "094613434C7F11D18222444553540000";
    static final String DIRECT_MESSAGES = "094613454C7F11D18222444553540000";
    private static final int COOKIE = 42;

    private Messages() {}

    static String two(int number) {
        return new String(new char[]{(char) (number >> 8 & 0xFF), (char) (number & 0xFF)});
    }

    static String four(long number) {
        return two((int) (number >> 16) & 0xFFFF) + two((int) number & 0xFFFF);
    }

    static String ip(String address) {
        return new String(InetAddress.ofLiteral(address).getAddress(), StandardCharsets.ISO_8859_1);
    }

    static String inverted(String bytes) {
        StringBuilder text = new StringBuilder();
        bytes.chars().forEach(c -> text.append((char) (~c & 0xFF)));
        return text.toString();
    }

    private static String hex(String digits) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < digits.length(); i += 2) {
            text.append((char) Integer.parseInt(digits, i, i + 2, 16));
        }
        return text.toString();
    }

    static String tlv(int type, String value) {
        return two(type) + two(value.length()) + value;
    }

    static String flap(int channel, String data) {
        return "*" + (char) channel + two(7) + two(data.length()) + data;
    }

    static String snac(int family, int subtype, String data) {
        return flap(2, two(family) + two(subtype) + two(0) + four(5) + data);
    }

    static String signOn() {
        return flap(1, four(1));
    }

    /** The client's, with the cookie it was given. */
    static String signOnWithCookie() {
        return flap(1, four(1) + tlv(6, "c".repeat(256)));
    }

    /** Set status with the advertisement of direct connections. */
    static String status(String address, int port) {
        return snac(1, 0x1E, tlv(6, four(0)) + advertisement(address, port));
    }

    static String advertisement(String address, int port) {
        return tlv(0x0C, ip(address) + four(port) + hex("04") + two(9) + four(0x1234) + four(0x50) + four(3)
                + four(0) + four(0) + four(0) + two(0));
    }

    /** A client's message of channel 2 to "other". */
    static String out(String proposal) {
        return snac(4, 6, four(0) + four(COOKIE) + two(2) + (char) 5 + "other" + proposal + tlv(3, ""));
    }

    /** The server's, from "other". */
    static String in(String proposal) {
        return snac(4, 7, four(0) + four(COOKIE) + two(2) + (char) 5 + "other" + two(0) + two(2) + tlv(1, two(0x10))
                + tlv(5, four(99)) + proposal);
    }

    /** @param type 0 proposes, 1 cancels, 2 accepts */
    static String proposal(int type, String capability, String tlvs) {
        return tlv(5, two(type) + four(0) + four(COOKIE) + hex(capability) + tlvs);
    }

    static String listening(String address, int port) {
        return tlv(0x0A, two(1)) + tlv(0x02, ip(address)) + tlv(0x16, inverted(ip(address))) + tlv(0x03, ip(address))
                + tlv(0x05, two(port)) + tlv(0x17, inverted(two(port))) + tlv(0x0F, "") + tlv(0x2711, "file.txt");
    }

    static String proposal(String address, int port) {
        return proposal(0, FILE, listening(address, port));
    }

    static String cancel() {
        return proposal(1, FILE, tlv(0x0B, two(1)));
    }

    /** The password was right; go there. */
    static String loginReply(String place) {
        return snac(0x17, 3, tlv(1, "inner") + tlv(5, place) + tlv(6, "c".repeat(256)));
    }
}
