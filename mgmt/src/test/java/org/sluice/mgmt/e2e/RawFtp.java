package org.sluice.mgmt.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Speaks FTP as it is told, in order to do what no client does. Prints the replies; text is ISO 8859-1.
 *
 * <pre>
 * client ADDRESS PORT STEP...
 * server ADDRESS PORT COUNT
 * </pre>
 *
 * Steps: {@code say TEXT} sends a segment, in which {@code ~} ends a line and {@code @} is the own endpoint in six numbers;
 * {@code synch} sends Telnet's IAC IP IAC DM with the DM as urgent data (RFC 959 section 4.1.3); {@code pause MILLIS};
 * {@code reply} reads a reply; {@code data} takes a data connection and counts its bytes. The server greets, takes COUNT bytes of which an
 * urgent one is none, and prints them.
 */
final class RawFtp {
    private static final int MILLIS = 20_000;
    private static final byte[] IP = {(byte) 255, (byte) 244, (byte) 255};
    private static final int DM = 242;

    private final Socket control;
    private final ServerSocket listener;

    private RawFtp(Socket control, ServerSocket listener) {
        this.control = control;
        this.listener = listener;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("server")) {
            serve(new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2])), Integer.parseInt(arguments[3]));
            return;
        }
        try (Socket control = new Socket()) {
            control.setTcpNoDelay(true);
            control.setSoTimeout(MILLIS);
            control.connect(new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2])), MILLIS);
            try (ServerSocket listener = new ServerSocket(0, 1, control.getLocalAddress())) {
                listener.setSoTimeout(MILLIS);
                new RawFtp(control, listener).play(arguments);
            }
        }
    }

    private void play(String[] steps) throws IOException {
        BufferedReader replies = new BufferedReader(
                new InputStreamReader(control.getInputStream(), StandardCharsets.ISO_8859_1));
        OutputStream out = control.getOutputStream();
        for (int i = 3; i < steps.length; i++) {
            switch (steps[i]) {
                case "say" -> out.write(text(steps[++i]).getBytes(StandardCharsets.ISO_8859_1));
                case "synch" -> {
                    out.write(IP);
                    control.sendUrgentData(DM);
                }
                case "pause" -> pause(Integer.parseInt(steps[++i]));
                case "reply" -> System.out.println(reply(replies));
                case "data" -> System.out.println(data());
                default -> throw new IllegalArgumentException(steps[i]);
            }
        }
    }

    private String text(String written) {
        int port = listener.getLocalPort();
        String own = control.getLocalAddress().getHostAddress().replace('.', ',') + "," + (port >> 8) + ","
                + (port & 0xFF);
        return written.replace("~", "\r\n").replace("@", own);
    }

    private static void pause(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static String reply(BufferedReader replies) throws IOException {
        String line = replies.readLine();
        while (line != null && !line.matches("\\d\\d\\d .*")) {
            line = replies.readLine();
        }
        return line;
    }

    private String data() throws IOException {
        try (Socket data = listener.accept()) {
            data.setSoTimeout(MILLIS);
            return "data " + data.getInputStream().readAllBytes().length;
        }
    }

    private static void serve(InetSocketAddress own, int count) throws IOException {
        try (ServerSocket listener = new ServerSocket(own.getPort(), 1, own.getAddress())) {
            listener.setSoTimeout(MILLIS);
            System.out.println("ready");
            try (Socket control = listener.accept()) {
                control.setSoTimeout(MILLIS);
                control.getOutputStream().write("220 ready\r\n".getBytes(StandardCharsets.ISO_8859_1));
                System.out.println(HexFormat.of().formatHex(control.getInputStream().readNBytes(count)));
            }
        }
    }
}
