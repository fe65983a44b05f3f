package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.sluice.mgmt.lab.Forward;
import org.sluice.mgmt.lab.Topology;

/**
 * Where sessions are played: a host inside, a host outside, and a gateway between them that masquerades, drops what comes from
 * outside but {@link #FORWARDS}, and has the helpers. One thread.
 */
public final class Stage implements AutoCloseable {
    /** Helpers that the sessions need of Sluice. */
    public static final List<String> HELPERS = List.of("ftp", "irc", "tftp", "talk", "sip", "h323", "pptp", "icq");
    /** The same of Linux, which has none for talk and ICQ. */
    public static final List<String> KERNEL_HELPERS = List.of("ftp", "irc", "tftp", "sip", "h323", "pptp");
    /** What leads to the host inside. */
    public static final List<Forward> FORWARDS = List.of(new Forward("tcp", 21), new Forward("udp", 69),
            new Forward("udp", 1719), new Forward("tcp", 1720), new Forward("tcp", 1723), new Forward("tcp", 5190));

    /** Another host inside, to the gateway. */
    static final String SECOND_CLIENT_ADDRESS = "10.77.0.3";

    private static final int FTP_PORT = 21;
    private static final int IRC_PORT = 6667;
    private static final int SIP_PORT = 5060;
    private static final int NOT_ARRIVING_MILLIS = 1_500;
    private static final String MARK = "here";

    private final Path directory;
    private final Party inside;
    private final Party outside;
    private final AtomicInteger number = new AtomicInteger();

    /** @param directory for the files of programs */
    public Stage(Topology topology, Path directory) throws IOException {
        this.directory = directory;
        topology.enableIpv6();
        topology.client().run("ip", "address", "add", SECOND_CLIENT_ADDRESS + "/" + Topology.PREFIX_LENGTH, "dev",
                Topology.DEVICE);
        inside = new Party("the host inside", topology.client(), new NamespaceSockets(topology.client()));
        outside = new Party("the host outside", topology.server(), new NamespaceSockets(topology.server()));
    }

    Party inside() {
        return inside;
    }

    Party outside() {
        return outside;
    }

    /** @return a new directory that every user may read. */
    Path newDirectory() throws IOException {
        Path made = Files.createDirectory(directory.resolve("session" + number.incrementAndGet()));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        return made;
    }

    /** @return a control connection to port 21 outside on which nothing has been said. */
    Conversation connectFtp() throws IOException {
        return connectOut(Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS, FTP_PORT);
    }

    /** @return an FTP control connection to a server outside, after the login. */
    Conversation ftpOutwards() throws IOException {
        return logIn(connectFtp());
    }

    /** @return the same over IPv6. */
    Conversation ftpOutwards6() throws IOException {
        return logIn(connectOut(Topology.CLIENT_ADDRESS6, Topology.SERVER_ADDRESS6, FTP_PORT));
    }

    /** @return an FTP control connection to a server inside, after the login. */
    Conversation ftpInwards() throws IOException {
        return logIn(Conversation.open(outside, Topology.SERVER_ADDRESS, Topology.OUTSIDE_ADDRESS, inside,
                Topology.CLIENT_ADDRESS, FTP_PORT));
    }

    private static Conversation logIn(Conversation ftp) throws IOException {
        ftp.server().says("220 ready\r\n");
        ftp.client().hears("220 ready");
        ftp.exchange("USER somebody", "331 password");
        ftp.exchange("PASS secret", "230 welcome");
        return ftp;
    }

    /** @return a connection to port 6667 outside on which nothing has been said. */
    Conversation connectIrc(String from) throws IOException {
        return connectOut(from, Topology.SERVER_ADDRESS, IRC_PORT);
    }

    /** @return a connection to an IRC server outside, after the client's registration. */
    Conversation irc(String from) throws IOException {
        return register(connectIrc(from));
    }

    /** @return the same over IPv6. */
    Conversation irc6() throws IOException {
        return register(connectOut(Topology.CLIENT_ADDRESS6, Topology.SERVER_ADDRESS6, IRC_PORT));
    }

    private static Conversation register(Conversation irc) throws IOException {
        irc.client().says("NICK inner\r\n");
        irc.server().hears("NICK inner");
        irc.exchange("USER inner 0 * :inner", ":irc.lab 001 inner :welcome");
        return irc;
    }

    /** @return a connection to port 5060 outside. */
    Conversation connectSip() throws IOException {
        return connectOut(Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS, SIP_PORT);
    }

    Conversation connectOut(String from, String to, int port) throws IOException {
        return Conversation.open(inside, from, to, outside, to, port);
    }

    /** A connection to a place must arrive at a listener and carry bytes both ways. */
    void demandArrival(Party from, String address, InetSocketAddress place, Party to, ServerSocketChannel listener)
            throws IOException {
        String where = place.getAddress().getHostAddress() + " port " + place.getPort();
        try (SocketChannel near = from.connect(address, place, End.TIMEOUT_MILLIS);
                SocketChannel far = to.accept(listener)) {
            End one = new End(from.name(), near);
            End other = new End(to.name(), far);
            one.says(MARK + "\n");
            other.hears(MARK);
            other.says(MARK + "\n");
            one.hears(MARK);
            one.close();
            other.close();
        } catch (IOException e) {
            throw new MissedException("no connection to " + where + " as announced");
        }
    }

    /** A connection from outside to a port of the gateway must not arrive at the host inside. */
    void demandClosed(int port) throws IOException {
        InetSocketAddress place = new InetSocketAddress(InetAddress.ofLiteral(Topology.OUTSIDE_ADDRESS), port);
        try (ServerSocketChannel _ = inside.listen(Topology.CLIENT_ADDRESS, port)) {
            try (SocketChannel _ = outside.connect(Topology.SERVER_ADDRESS, place, NOT_ARRIVING_MILLIS)) {
                throw new MissedException("port " + port + " is opened");
            } catch (IOException e) {
                // refused or unanswered, as it should be
            }
        }
    }

    @Override
    public void close() {
        inside.sockets().close();
        outside.sockets().close();
    }
}
