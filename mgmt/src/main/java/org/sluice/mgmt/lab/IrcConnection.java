package org.sluice.mgmt.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A registered client of an IRC server (RFC 2812). One thread reads; any may send. */
final class IrcConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = (int) TimeUnit.SECONDS.toMillis(20);
    private static final String PRIVATE_MESSAGE = " PRIVMSG ";

    private final Socket socket = new Socket();
    private final BufferedReader in;
    private final OutputStream out;

    /**
     * A private message.
     *
     * @param from nick of the sender
     * @param text without the CTCP delimiters, if any
     */
    record Message(String from, String text) {}

    IrcConnection(String host, int port, String nick) throws IOException {
        socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        out = socket.getOutputStream();
        send("NICK " + nick);
        send("USER " + nick + " 0 * :" + nick);
        String line = readLine();
        while (!line.contains(" 001 ")) {
            if (line.startsWith("ERROR") || line.contains(" 433 ")) {
                throw new IOException("the IRC server answered " + line);
            }
            line = readLine();
        }
    }

    /** Waits for a message without end rather than 20 seconds. */
    void waitForever() throws IOException {
        socket.setSoTimeout(0);
    }

    void tell(String nick, String text) throws IOException {
        send("PRIVMSG " + nick + " :" + text);
    }

    /** Sends a client-to-client request, such as DCC SEND. */
    void request(String nick, String text) throws IOException {
        tell(nick, '\1' + text + '\1');
    }

    /** @return the next private message. */
    Message receive() throws IOException {
        while (true) {
            String line = readLine();
            int command = line.indexOf(PRIVATE_MESSAGE);
            int text = line.indexOf(" :", command + PRIVATE_MESSAGE.length());
            if (line.startsWith(":") && command > 0 && text > 0) {
                return new Message(line.substring(1, command).split("!", 2)[0],
                        line.substring(text + 2).replace("\1", ""));
            }
        }
    }

    /** @return the address this end is bound to. */
    Socket socket() {
        return socket;
    }

    private String readLine() throws IOException {
        while (true) {
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the IRC server closed the connection");
            }
            if (!line.startsWith("PING")) {
                return line;
            }
            send("PONG" + line.substring("PING".length()));
        }
    }

    private synchronized void send(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
