package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A game as consoles play it: everybody tells a lobby its name from one UDP port, hears from it where the others were seen, and plays with
 * them from the same port. Prints what it hears. Arguments: own address, own port, name, address and port of the lobby; the lobby itself
 * has none.
 */
final class GamePlayer {
    private static final int TURN_MS = 200;
    private static final int TURNS = 300;
    private static final int LONGEST = 500;

    private final DatagramSocket socket;
    private final Map<String, InetSocketAddress> others = new TreeMap<>();

    private GamePlayer(DatagramSocket socket) {
        this.socket = socket;
    }

    /** See the class comment. */
    public static void main(String[] arguments) throws IOException {
        InetSocketAddress own = endpoint(arguments[0], arguments[1]);
        try (DatagramSocket socket = new DatagramSocket(own)) {
            socket.setSoTimeout(TURN_MS);
            GamePlayer player = new GamePlayer(socket);
            if (arguments.length == 2) {
                player.receive();
            } else {
                player.play(arguments[2], endpoint(arguments[3], arguments[4]));
            }
        }
    }

    private static InetSocketAddress endpoint(String address, String port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), Integer.parseInt(port));
    }

    private void play(String name, InetSocketAddress lobby) throws IOException {
        for (int turn = 0; turn < TURNS; turn++) {
            send("join " + name, lobby);
            for (InetSocketAddress other : others.values()) {
                send("play " + name, other);
            }
            hear();
        }
    }

    private void receive() throws IOException {
        for (int turn = 0; turn < TURNS; turn++) {
            hear();
        }
    }

    private void send(String text, InetSocketAddress to) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    /** Hears what comes within a turn. */
    private void hear() throws IOException {
        long end = System.nanoTime() + TURN_MS * 1_000_000L;
        DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
        while (System.nanoTime() - end < 0) {
            try {
                packet.setLength(LONGEST);
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return;
            }
            String[] words = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII).split(" ");
            InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
            switch (words[0]) {
                case "join" -> join(words[1], from);
                case "other" -> others.put(words[1], endpoint(words[2], words[3]));
                default -> System.out.println(words[1] + " plays from " + text(from));
            }
        }
    }

    private void join(String name, InetSocketAddress from) throws IOException {
        if (!from.equals(others.put(name, from))) {
            System.out.println(name + " joins from " + text(from));
        }
        for (Map.Entry<String, InetSocketAddress> other : others.entrySet()) {
            if (!other.getKey().equals(name)) {
                send("other " + other.getKey() + " " + text(other.getValue()), from);
            }
        }
    }

    private static String text(InetSocketAddress endpoint) {
        return endpoint.getAddress().getHostAddress() + " " + endpoint.getPort();
    }
}
