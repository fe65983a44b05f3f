package org.sluice.mgmt.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * As much of an IRC server (RFC 2812) as two clients need to make a DCC connection: registration, PRIVMSG and NOTICE between
 * nicks, PING and QUIT. No channels, no other servers.
 */
final class IrcRelay implements Runnable {
    /** The usual port of IRC. */
    static final int PORT = 6667;

    private static final String NAME = "irc.lab";

    private final ServerSocket listener;
    private final Map<String, Socket> clients = new ConcurrentHashMap<>();

    private IrcRelay(ServerSocket listener) {
        this.listener = listener;
    }

    static void start(InetAddress address) throws IOException {
        IrcRelay relay = new IrcRelay(new ServerSocket(PORT, 0, address));
        Thread.ofPlatform().daemon().name("irc-relay").start(relay);
    }

    @Override
    public void run() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException e) {
            Host.say("irc relay: " + e);
        }
    }

    private void serve(Socket socket) {
        String nick = null;
        try (socket) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 3);
                switch (words[0]) {
                    case "NICK" -> nick = words.length > 1 ? words[1] : null;
                    case "USER" -> register(socket, nick);
                    case "PING" -> send(socket, ":" + NAME + " PONG " + NAME + " " + line.substring(4).strip());
                    case "PRIVMSG", "NOTICE" -> relay(socket, nick, words);
                    case "QUIT" -> {
                        return;
                    }
                    default -> send(socket, ":" + NAME + " 421 " + nick + " " + words[0] + " :Unknown command");
                }
            }
        } catch (IOException e) {
            // the client went away; so does its nick
        } finally {
            if (nick != null) {
                clients.remove(nick, socket);
            }
        }
    }

    private void register(Socket socket, String nick) throws IOException {
        if (nick == null || clients.putIfAbsent(nick, socket) != null) {
            send(socket, ":" + NAME + " 433 * " + nick + " :Nickname is already in use");
        } else {
            send(socket, ":" + NAME + " 001 " + nick + " :Welcome");
        }
    }

    private void relay(Socket socket, String nick, String[] words) throws IOException {
        Socket to = words.length == 3 ? clients.get(words[1]) : null;
        if (to == null) {
            send(socket, ":" + NAME + " 401 " + nick + " :No such nick");
        } else {
            send(to, ":" + nick + "!" + nick + "@" + socket.getInetAddress().getHostAddress() + " "
                    + String.join(" ", words));
        }
    }

    private static void send(Socket socket, String line) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
