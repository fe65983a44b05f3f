package org.sluice.helpers.pptp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Control messages as RFC 2637 section 2 lays them out, one character a byte. */
final class Messages {
    static final int CONNECTED = 1;
    private static final int MAGIC = 0x1A2B3C4D;

    private Messages() {}

    private static ByteBuffer message(int kind, int length) {
        return ByteBuffer.allocate(length).putShort((short) length).putShort((short) 1).putInt(MAGIC)
                .putShort((short) kind).putShort((short) 0);
    }

    private static String text(ByteBuffer message) {
        byte[] bytes = new byte[message.capacity()];
        message.get(0, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static String startRequest() {
        return text(message(1, 156).putShort((short) 0x100).putShort((short) 0).putInt(3).putInt(3));
    }

    static String startReply(int result) {
        return text(message(2, 156).putShort((short) 0x100).put((byte) result));
    }

    static String stopRequest() {
        return text(message(3, 16).put((byte) 1));
    }

    static String stopReply() {
        return text(message(4, 16).put((byte) 1));
    }

    static String echoRequest(int identifier) {
        return text(message(5, 16).putInt(identifier));
    }

    static String outgoingCallRequest(int callId) {
        return text(message(7, 168).putShort((short) callId).putShort((short) 1).putInt(300).putInt(100_000_000));
    }

    static String outgoingCallReply(int callId, int peersCallId, int result) {
        return text(message(8, 32).putShort((short) callId).putShort((short) peersCallId).put((byte) result));
    }

    static String incomingCallRequest(int callId) {
        return text(message(9, 220).putShort((short) callId).putShort((short) 1));
    }

    static String incomingCallReply(int callId, int peersCallId, int result) {
        return text(message(10, 24).putShort((short) callId).putShort((short) peersCallId).put((byte) result));
    }

    static String incomingCallConnected(int peersCallId) {
        return text(message(11, 28).putShort((short) peersCallId));
    }

    static String callClearRequest(int callId) {
        return text(message(12, 16).putShort((short) callId));
    }

    static String callDisconnectNotify(int callId) {
        return text(message(13, 148).putShort((short) callId).put((byte) 4));
    }

    static String wanErrorNotify(int peersCallId) {
        return text(message(14, 40).putShort((short) peersCallId).putShort((short) 0).putInt(17));
    }

    static String setLinkInfo(int peersCallId) {
        return text(message(15, 24).putShort((short) peersCallId).putShort((short) 0).putInt(-1).putInt(-1));
    }

    /** A message of any kind, with as many zeros as it takes. */
    static String other(int kind, int length) {
        return text(message(kind, length));
    }
}
