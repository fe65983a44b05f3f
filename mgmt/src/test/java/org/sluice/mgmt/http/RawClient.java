package org.sluice.mgmt.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** HTTP by hand, so that a test decides about every byte. Waits ten seconds at most. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MS = 10_000;
    private final Socket socket = new Socket();
    private final InputStream in;

    /**
     * An answer.
     *
     * @param status number
     * @param headers by name in lower case
     * @param body as text
     */
    record Response(int status, Map<String, String> headers, String body) {
        JsonNode json() {
            return Json.read(body.getBytes(StandardCharsets.UTF_8));
        }
    }

    RawClient(InetSocketAddress address) throws IOException {
        socket.setSoTimeout(PATIENCE_MS);
        socket.connect(address, PATIENCE_MS);
        in = socket.getInputStream();
    }

    RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** A request without a body. @param headers whole lines */
    Response request(String method, String path, String... headers) throws IOException {
        StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        send(text.append("\r\n").toString());
        return method.equals("HEAD") ? headerOnly() : response();
    }

    /** @return the next answer */
    Response response() throws IOException {
        Response head = headerOnly();
        byte[] body = in.readNBytes(Integer.parseInt(head.headers().get("content-length")));
        return new Response(head.status(), head.headers(), new String(body, StandardCharsets.UTF_8));
    }

    private Response headerOnly() throws IOException {
        String line = line();
        if (!line.startsWith("HTTP/1.1 ")) {
            throw new IOException("not a status line: \"" + line + "\"");
        }
        int status = Integer.parseInt(line.substring(9, 12));
        Map<String, String> headers = new TreeMap<>();
        for (line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        return new Response(status, headers, "");
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the connection ended");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    /** @return whether the server has closed, and sent nothing more; a reset is a way of closing */
    boolean isEnded() {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
