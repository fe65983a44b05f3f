package org.sluice.mgmt.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.DefaultFtplet;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.FtpRequest;
import org.apache.ftpserver.ftplet.FtpSession;
import org.apache.ftpserver.ftplet.FtpletResult;
import org.apache.ftpserver.ftplet.UserManager;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.usermanager.ClearTextPasswordEncryptor;
import org.apache.ftpserver.usermanager.PropertiesUserManagerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;

/**
 * The servers of the lab's outer host: FTP (Apache FtpServer), HTTP (the JDK's), an IRC relay, and a peer for DCC. Prints what
 * they see of the client, such as {@code ftp PORT 198,51,100,1,200,10}.
 */
final class LabServer {
    /** Response header that holds the client's address as the server sees it. */
    static final String SEEN_HEADER = "X-Client";
    /** The file that can be fetched. */
    static final String FILE = "data.bin";
    /** Size of {@link #FILE} in bytes. */
    static final int SIZE = 1 << 20;
    /** Seed of the bytes in {@link #FILE}. */
    static final long SEED = 21;
    /** Nick of the DCC peer. */
    static final String PEER = "outside";

    private static final int FTP_PORT = 21;
    private static final int HTTP_PORT = 80;

    private LabServer() {}

    static void start(Arguments arguments) throws IOException, FtpException {
        Path directory = Path.of(arguments.text("directory"));
        byte[] bytes = TestData.bytes(SIZE, SEED);
        Files.write(directory.resolve(FILE), bytes);
        String address = arguments.text("address");
        startFtp(address, directory, arguments.text("user"), arguments.text("password"));
        startHttp(address, bytes);
        IrcRelay.start(InetAddress.ofLiteral(address));
        IrcPeer.start(address, IrcRelay.PORT, PEER);
    }

    private static void startFtp(String address, Path directory, String name, String password) throws FtpException {
        PropertiesUserManagerFactory users = new PropertiesUserManagerFactory();
        users.setPasswordEncryptor(new ClearTextPasswordEncryptor());
        BaseUser user = new BaseUser();
        user.setName(name);
        user.setPassword(password);
        user.setHomeDirectory(directory.toString());
        user.setAuthorities(List.of(new WritePermission()));
        UserManager manager = users.createUserManager();
        manager.save(user);
        ListenerFactory listener = new ListenerFactory();
        listener.setServerAddress(address);
        listener.setPort(FTP_PORT);
        FtpServerFactory factory = new FtpServerFactory();
        factory.setUserManager(manager);
        factory.addListener("default", listener.createListener());
        factory.setFtplets(Map.of("witness", new Witness()));
        factory.createServer().start();
    }

    private static void startHttp(String address, byte[] bytes) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(address, HTTP_PORT), 0);
        http.createContext("/" + FILE, exchange -> answer(exchange, bytes));
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
    }

    private static void answer(HttpExchange exchange, byte[] bytes) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set(SEEN_HEADER, exchange.getRemoteAddress().getAddress().getHostAddress());
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** Prints the commands that carry an address, and where they came from. */
    private static final class Witness extends DefaultFtplet {
        @Override
        public FtpletResult beforeCommand(FtpSession session, FtpRequest request) throws FtpException, IOException {
            if (request.hasArgument() && (request.getCommand().equals("PORT") || request.getCommand().equals("EPRT"))) {
                Host.say("ftp " + request.getCommand() + " " + request.getArgument());
            }
            return super.beforeCommand(session, request);
        }
    }
}
