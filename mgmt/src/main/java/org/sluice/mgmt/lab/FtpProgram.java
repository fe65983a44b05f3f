package org.sluice.mgmt.lab;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;

/** Transfers a file by FTP over one control connection, in any of the four modes of RFC 959 and RFC 2428. */
final class FtpProgram {
    private static final int TIMEOUT_MILLIS = (int) TimeUnit.SECONDS.toMillis(20);

    /** How the data connection is made. */
    private enum Mode {
        PORT, EPRT, PASV, EPSV
    }

    /** Says EPRT where the library would say PORT; it does so by itself over IPv6 only. */
    private static final class ExtendedClient extends FTPClient {
        @Override
        public int port(InetAddress host, int port) throws IOException {
            return eprt(host, port);
        }
    }

    private FtpProgram() {}

    static void run(Arguments arguments) throws IOException {
        Mode mode = Mode.valueOf(arguments.text("mode").toUpperCase(Locale.ROOT));
        FTPClient client = client(mode);
        client.connect(arguments.text("host"), arguments.number("port", FTP.DEFAULT_PORT));
        try {
            client.setSoTimeout(TIMEOUT_MILLIS);
            demand(client, client.login(arguments.text("user"), arguments.text("password")));
            demand(client, client.setFileType(FTP.BINARY_FILE_TYPE));
            if (mode == Mode.PASV || mode == Mode.EPSV) {
                client.enterLocalPassiveMode();
            }
            for (int i = 0; i < arguments.number("times", 1); i++) {
                transfer(client, arguments);
            }
            client.logout();
        } finally {
            client.disconnect();
        }
    }

    private static FTPClient client(Mode mode) {
        FTPClient client = mode == Mode.EPRT ? new ExtendedClient() : new FTPClient();
        client.setConnectTimeout(TIMEOUT_MILLIS);
        client.setDefaultTimeout(TIMEOUT_MILLIS);
        client.setDataTimeout(Duration.ofMillis(TIMEOUT_MILLIS));
        client.setUseEPSVwithIPv4(mode == Mode.EPSV);
        // otherwise the library would mend a private address in a 227 that the gateway ought to have rewritten
        client.setPassiveNatWorkaroundStrategy(null);
        return client;
    }

    private static void transfer(FTPClient client, Arguments arguments) throws IOException {
        byte[] bytes;
        if (arguments.text("action").equals("put")) {
            bytes = TestData.bytes(arguments.number("size", 0), arguments.number("seed", 0));
            demand(client, client.storeFile(arguments.text("file"), new ByteArrayInputStream(bytes)));
        } else {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            demand(client, client.retrieveFile(arguments.text("file"), out));
            bytes = out.toByteArray();
            String to = arguments.text("to", "");
            if (!to.isEmpty()) {
                Files.write(Path.of(to), bytes);
            }
        }
        Host.say(bytes.length + " " + TestData.sha256(bytes));
    }

    private static void demand(FTPClient client, boolean done) throws IOException {
        if (!done) {
            throw new IOException("the FTP server answered " + client.getReplyString().strip());
        }
    }
}
