package org.sluice.fastpath.port;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A sender and a receiver to be run inside namespaces, in processes of their own; they print one line with the result. */
public final class TrafficTool {
    private static final int PORT = 5001;
    private static final int SMALL = 100;
    private static final int LARGE = 8_000;
    private static final int SOCKET_BUFFER = 4_000_000;
    /** A network that loses every super-frame still moves, one segment at each timeout. */
    private static final int LIMIT_SECONDS = 30;
    private static final int TIMEOUT_MILLIS = 10_000;

    private TrafficTool() {}

    /** @return what runs it in a process of its own. */
    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                        Path.of("target", "test-classes").toAbsolutePath().toString(), TrafficTool.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** tcp-receive | tcp-send ADDRESS BYTES SEED | udp-receive COUNT | udp-send ADDRESS COUNT. */
    public static void main(String[] arguments) throws Exception {
        CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(() -> {
            System.out.println("not done within " + LIMIT_SECONDS + " s");
            Runtime.getRuntime().halt(1);
        });
        switch (arguments[0]) {
            case "tcp-receive" -> receiveStream();
            case "tcp-send" -> sendStream(arguments[1], Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
            case "udp-receive" -> receiveDatagrams(Integer.parseInt(arguments[1]));
            case "udp-send" -> sendDatagrams(arguments[1], Integer.parseInt(arguments[2]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void receiveStream() throws IOException, NoSuchAlgorithmException {
        try (ServerSocket server = new ServerSocket(PORT)) {
            System.out.println("ready");
            server.setSoTimeout(TIMEOUT_MILLIS);
            try (Socket socket = server.accept(); InputStream in = socket.getInputStream()) {
                byte[] bytes = in.readAllBytes();
                System.out.println(digest(bytes));
            }
        }
    }

    private static void sendStream(String address, int count, long seed) throws Exception {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, PORT), TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
        }
        System.out.println(digest(bytes));
    }

    private static String digest(byte[] bytes) throws NoSuchAlgorithmException {
        return bytes.length + " " + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static void receiveDatagrams(int count) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(PORT)) {
            socket.setReceiveBufferSize(SOCKET_BUFFER);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            System.out.println("ready");
            DatagramPacket packet = new DatagramPacket(new byte[LARGE], LARGE);
            for (int i = 0; i < count; i++) {
                socket.receive(packet);
                int number = ByteBuffer.wrap(packet.getData()).getInt();
                if (number != i) {
                    System.out.println("number " + number + " came as number " + i);
                    return;
                }
            }
            System.out.println("in order");
        }
    }

    private static void sendDatagrams(String address, int count) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress target = InetAddress.getByName(address);
            for (int i = 0; i < count; i++) {
                byte[] bytes = ByteBuffer.allocate(i % 3 == 0 ? LARGE : SMALL).putInt(i).array();
                socket.send(new DatagramPacket(bytes, bytes.length, target, PORT));
            }
        }
        System.out.println("sent");
    }
}
