package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One end of a TCP connection that carries lines; text is ISO 8859-1. One thread at a time. */
final class End implements AutoCloseable {
    static final int TIMEOUT_MILLIS = 8_000;
    /** Long enough for each part to be sent, received and handled as a segment of its own. */
    private static final long BETWEEN_SEGMENTS_NANOS = TimeUnit.MILLISECONDS.toNanos(120);

    private static final String LENGTH = "Content-Length:";

    private final String name;
    private final SocketChannel channel;
    private final InputStream in;
    private final StringBuilder line = new StringBuilder();

    /** @param name of who is at this end, for messages */
    End(String name, SocketChannel channel) throws IOException {
        this.name = name;
        this.channel = channel;
        channel.socket().setTcpNoDelay(true);
        channel.socket().setSoTimeout(TIMEOUT_MILLIS);
        in = channel.socket().getInputStream();
    }

    /** Sends each text as a segment of its own. */
    void says(String... segments) throws IOException {
        for (int i = 0; i < segments.length; i++) {
            if (i > 0) {
                pause();
            }
            channel.socket().getOutputStream().write(segments[i].getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static void pause() {
        long end = System.nanoTime() + BETWEEN_SEGMENTS_NANOS;
        for (long left = BETWEEN_SEGMENTS_NANOS; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** @return the next line, without its end. */
    String hears() throws IOException {
        try {
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new MissedException(name + " sees the connection end");
                }
                line.append((char) next);
            }
        } catch (SocketTimeoutException e) {
            throw new MissedException(name + " hears nothing" + (line.isEmpty() ? "" : " after \"" + line + '"'));
        }
        String heard = line.toString();
        line.setLength(0);
        return withoutEnd(heard);
    }

    /** Takes the next line, which must be this one. */
    void hears(String expected) throws IOException {
        String heard = hears();
        if (!heard.equals(withoutEnd(expected))) {
            throw new MissedException(name + " hears \"" + printable(heard) + '"');
        }
    }

    /** @return the next message: lines to an empty one, and what their {@code Content-Length} counts. */
    String hearsMessage() throws IOException {
        StringBuilder message = new StringBuilder();
        int length = 0;
        for (String next = hears(); !next.isEmpty(); next = hears()) {
            message.append(next).append("\r\n");
            if (next.startsWith(LENGTH)) {
                length = Integer.parseInt(next.substring(LENGTH.length()).strip());
            }
        }
        try {
            byte[] body = in.readNBytes(length);
            return message.append("\r\n").append(new String(body, StandardCharsets.ISO_8859_1)).toString();
        } catch (SocketTimeoutException e) {
            throw new MissedException(name + " hears no body");
        }
    }

    private static String withoutEnd(String text) {
        return text.replaceFirst("\r?\n?$", "");
    }

    static String printable(String text) {
        return text.replaceAll("[^ -~]", ".");
    }

    String name() {
        return name;
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /** Closes it at once (RST), so that nothing of it is left to be repeated. */
    @Override
    public void close() throws IOException {
        channel.socket().setSoLinger(true, 0);
        channel.close();
    }
}
