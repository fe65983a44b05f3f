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

/** The messages of {@code h323.txt}, by their names there, in which addresses and ports are filled in or read. Any thread. */
public final class H323Messages {
    /** Place of the speaker's call signalling. */
    public static final int LISTENER = 1;
    /** Place of the speaker's RAS. */
    public static final int RAS = 2;
    /** Place of the speaker's H.245. */
    public static final int CONTROL = 3;
    /** Place of the speaker's RTP; its RTCP is the next. */
    public static final int MEDIA = 4;

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

    private static byte[] place(int number, int addressLength) {
        ByteBuffer place = ByteBuffer.allocate(addressLength + Short.BYTES);
        place.put(0, (byte) (addressLength == Integer.BYTES ? 240 : 0xFD));
        place.put(addressLength - 1, (byte) number);
        return place.putShort(addressLength, (short) (0xF000 | number)).array();
    }

    private static boolean isAt(byte[] message, int at, byte[] place) {
        return Arrays.equals(message, at, at + place.length, place, 0, place.length);
    }

    /** @param endpoints place, then port of the own address, and so on */
    public static byte[] message(String name, InetAddress own, int... endpoints) {
        int length = own.getAddress().length;
        byte[] message = template(name, length).clone();
        for (int i = 0; i < endpoints.length; i += 2) {
            byte[] place = place(endpoints[i], length);
            byte[] written = ByteBuffer.allocate(place.length).put(own.getAddress())
                    .putShort((short) endpoints[i + 1]).array();
            for (int at = 0; at + place.length <= message.length; at++) {
                if (isAt(message, at, place)) {
                    System.arraycopy(written, 0, message, at, place.length);
                }
            }
        }
        return message;
    }

    /** What holds no address is the same for both families. */
    private static byte[] template(String name, int addressLength) {
        byte[] plain = MESSAGES.get(name);
        return addressLength == Integer.BYTES ? plain : MESSAGES.getOrDefault(name + "6", plain);
    }

    /**
     * @param message received
     * @param name of the message that was sent
     * @return the endpoint that it has at a place
     */
    public static InetSocketAddress told(byte[] message, String name, int place) {
        // an address takes as many bytes whatever it is changed to, so the length tells the family
        byte[] address = new byte[message.length == MESSAGES.get(name).length ? Integer.BYTES : 16];
        byte[] sent = template(name, address.length);
        byte[] searched = place(place, address.length);
        int at = 0;
        while (!isAt(sent, at, searched)) {
            at++;
        }
        ByteBuffer endpoint = ByteBuffer.wrap(message, at, searched.length);
        endpoint.get(address);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), endpoint.getShort() & 0xFFFF);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
