package org.sluice.mgmt.lab;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * An IRC client that takes every DCC offer it gets: it connects to the place announced, as it reads it, and tells the one who
 * offered {@code got ADDRESS PORT BYTES SHA256}, {@code chatted ADDRESS PORT}, or {@code failed ADDRESS PORT REASON}.
 */
final class IrcPeer implements Runnable {
    private static final int TIMEOUT_MILLIS = (int) TimeUnit.SECONDS.toMillis(5);

    private final IrcConnection irc;

    private IrcPeer(IrcConnection irc) {
        this.irc = irc;
    }

    static void start(String host, int port, String nick) throws IOException {
        IrcConnection irc = new IrcConnection(host, port, nick);
        irc.waitForever();
        Thread.ofPlatform().daemon().name("irc-peer").start(new IrcPeer(irc));
    }

    @Override
    public void run() {
        try {
            while (true) {
                IrcConnection.Message message = irc.receive();
                Thread.startVirtualThread(() -> answer(message));
            }
        } catch (IOException e) {
            Host.say("irc peer: " + e);
        }
    }

    private void answer(IrcConnection.Message message) {
        String[] words = message.text().split(" ");
        if (words.length < 5 || !words[0].equals("DCC")) {
            return;
        }
        try {
            int address = Integer.parseUnsignedInt(words[3]);
            InetAddress host = InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(address).array());
            InetSocketAddress place = new InetSocketAddress(host, Integer.parseInt(words[4]));
            Host.say("irc " + message.text());
            irc.tell(message.from(), take(words, place));
        } catch (IOException | NumberFormatException e) {
            Host.say("irc peer: " + message.text() + ": " + e);
        }
    }

    private static String take(String[] words, InetSocketAddress place) {
        String where = place.getAddress().getHostAddress() + " " + place.getPort();
        try (Socket socket = new Socket()) {
            socket.connect(place, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            if (words[1].equals("SEND")) {
                byte[] bytes = fetch(socket, Integer.parseInt(words[5]));
                return "got " + where + " " + bytes.length + " " + TestData.sha256(bytes);
            }
            chat(socket);
            return "chatted " + where;
        } catch (IOException e) {
            return "failed " + where + " " + e.getMessage();
        }
    }

    private static byte[] fetch(Socket socket, int size) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream(size);
        InputStream in = socket.getInputStream();
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        byte[] part = new byte[1 << 16];
        while (all.size() < size) {
            int length = in.read(part);
            if (length < 0) {
                throw new IOException("ended after " + all.size() + " bytes");
            }
            all.write(part, 0, length);
            out.writeInt(all.size());
        }
        return all.toByteArray();
    }

    private static void chat(Socket socket) throws IOException {
        String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                .readLine();
        socket.getOutputStream().write(("you said " + line + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
