package org.sluice.mgmt.lab.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;

/** The messages of {@code h323.txt}, by their names there, in which addresses and ports are filled in or read. IPv4. Any thread. */
public final class H323Messages {
    /** Place of the speaker's call signalling. */
    public static final int LISTENER = 1;
    /** Place of the speaker's RAS. */
    public static final int RAS = 2;
    /** Place of the speaker's H.245. */
    public static final int CONTROL = 3;
    /** Place of the speaker's RTP; its RTCP is the next. */
    public static final int MEDIA = 4;

    private static final int PLACE_LENGTH = 6;
    private static final Map<String, byte[]> MESSAGES = read();

    private H323Messages() {}

    private static Map<String, byte[]> read() {
        try (InputStream in = H323Messages.class.getResourceAsStream("h323.txt")) {
            return new String(in.readAllBytes(), US_ASCII).lines().filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(words -> words[0], words -> HexFormat.of().parseHex(words[1])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] place(int number) {
        return new byte[]{(byte) 240, 0, 0, (byte) number, (byte) 0xF0, (byte) number};
    }

    private static boolean isAt(byte[] message, int at, byte[] place) {
        return Arrays.equals(message, at, at + PLACE_LENGTH, place, 0, PLACE_LENGTH);
    }

    /** @param endpoints place, then port of the own address, and so on */
    public static byte[] message(String name, InetAddress own, int... endpoints) {
        byte[] message = MESSAGES.get(name).clone();
        for (int i = 0; i < endpoints.length; i += 2) {
            byte[] place = place(endpoints[i]);
            byte[] written = ByteBuffer.allocate(PLACE_LENGTH).put(own.getAddress())
                    .putShort((short) endpoints[i + 1]).array();
            for (int at = 0; at + PLACE_LENGTH <= message.length; at++) {
                if (isAt(message, at, place)) {
                    System.arraycopy(written, 0, message, at, PLACE_LENGTH);
                }
            }
        }
        return message;
    }

    /**
     * @param message received
     * @param name of the message that was sent
     * @return the endpoint that it has at a place
     */
    public static InetSocketAddress told(byte[] message, String name, int place) {
        byte[] sent = MESSAGES.get(name);
        byte[] searched = place(place);
        int at = 0;
        while (!isAt(sent, at, searched)) {
            at++;
        }
        ByteBuffer endpoint = ByteBuffer.wrap(message, at, PLACE_LENGTH);
        byte[] address = new byte[4];
        endpoint.get(address);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), endpoint.getShort() & 0xFFFF);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
