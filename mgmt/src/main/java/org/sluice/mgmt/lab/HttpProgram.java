package org.sluice.mgmt.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** Fetches a page, each time over a connection of its own. */
final class HttpProgram {
    private static final int TIMEOUT_MILLIS = (int) TimeUnit.SECONDS.toMillis(20);

    private HttpProgram() {}

    static void run(Arguments arguments) throws IOException {
        URI uri = URI.create(arguments.text("url"));
        int times = arguments.number("times", 1);
        String first = null;
        for (int i = 0; i < times; i++) {
            String seen = fetch(uri);
            if (first == null) {
                first = seen;
                Host.say(seen);
            } else if (!seen.equals(first)) {
                throw new IOException("fetch " + i + " brought " + seen + ", the first one " + first);
            }
        }
        Host.say("fetched " + times);
    }

    /** @return number of bytes, digest and what the server says the client's address is. */
    private static String fetch(URI uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setRequestProperty("Connection", "close");
        try (InputStream in = connection.getInputStream()) {
            byte[] bytes = in.readAllBytes();
            return bytes.length + " " + TestData.sha256(bytes) + " "
                    + connection.getHeaderField(LabServer.SEEN_HEADER);
        } finally {
            connection.disconnect();
        }
    }
}
