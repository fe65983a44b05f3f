package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.mgmt.lab.DebianServer;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;

/** FTP servers of Debian, each started on port 21 of an address with a configuration of its own. */
enum FtpServerKind {
    VSFTPD("anonymous") {
        @Override
        List<String> command(FtpFiles files, String address, Path work, List<String> more) throws IOException {
            Tools.find(DebianServer.VSFTPD.program());
            return DebianServer.VSFTPD.command(address, files.root(), work, tls(work) + String.join("\n", more));
        }
    },

    PURE_FTPD("lab") {
        @Override
        List<String> command(FtpFiles files, String address, Path work, List<String> more) throws IOException {
            Path passwords = work.resolve("passwords");
            Path database = work.resolve("passwords.pdb");
            // pure-pw itself makes hashes that take seconds to check
            Files.writeString(passwords, "lab:%s:65534:65534::%s/./::::::::::::%n".formatted(hash(), files.root()));
            Shell.run(Tools.find("pure-pw"), "mkdb", database.toString(), "-f", passwords.toString());
            List<String> command = new ArrayList<>(List.of(Tools.find("pure-ftpd"), "-S", address + "," + PORT, "-l",
                    "puredb:" + database, "-E", "-A", "-H", "-4", "-u", "1", "-c", "200", "-C", "200", "-f", "none",
                    "-g", work.resolve("pid").toString()));
            if (Files.exists(work.resolve(CERTIFICATE))) {
                command.addAll(List.of("-Y", "1", "-2", work.resolve(CERTIFICATE).toString()));
            }
            command.addAll(more);
            return command;
        }
    },

    PROFTPD("lab") {
        @Override
        List<String> command(FtpFiles files, String address, Path work, List<String> more) throws IOException {
            Path passwords = work.resolve("passwd");
            Files.writeString(passwords, "lab:%s:65534:65534::%s:/bin/false%n".formatted(hash(), files.root()));
            Path configuration = work.resolve("proftpd.conf");
            Files.writeString(configuration, """
                    ServerName lab
                    ServerType standalone
                    DefaultAddress %1$s
                    SocketBindTight on
                    Port 21
                    UseIPv6 off
                    UseReverseDNS off
                    User nobody
                    Group nogroup
                    AuthOrder mod_auth_file.c
                    AuthFileOptions InsecurePerms
                    AuthUserFile %2$s/passwd
                    RequireValidShell off
                    AllowOverwrite on
                    MaxInstances 100
                    WtmpLog off
                    TransferLog none
                    SystemLog %2$s/log
                    PidFile %2$s/pid
                    ScoreboardFile %2$s/scoreboard
                    DelayEngine off
                    """.formatted(address, work) + String.join("\n", more));
            return List.of(Tools.find("proftpd"), "-n", "-c", configuration.toString());
        }
    };

    static final int PORT = 21;
    /** A file that is there when the server's certificate is to be used. */
    static final String CERTIFICATE = "certificate.pem";

    private final String user;

    FtpServerKind(String user) {
        this.user = user;
    }

    /** @return of the password, as crypt(5) has it. */
    private static String hash() {
        return Shell.run(Tools.find("openssl"), "passwd", "-6", "lab").strip();
    }

    /** @return name to log in with; the password is {@code lab}. */
    String user() {
        return user;
    }

    /** @param more lines of its configuration, or for pure-ftpd arguments */
    abstract List<String> command(FtpFiles files, String address, Path work, List<String> more) throws IOException;

    /** Starts it on an address of a host, serving files, and waits until it listens. */
    Process start(Rig rig, Namespace host, String address, FtpFiles files) throws IOException {
        return start(rig, host, address, files, rig.newDirectory("ftpd"));
    }

    /** Starts it with a directory for its own files, which may hold a certificate. */
    Process start(Rig rig, Namespace host, String address, FtpFiles files, Path work, String... more)
            throws IOException {
        List<String> command = command(files, address, work, List.of(more));
        return rig.startServer(host, address, PORT, command.toArray(String[]::new));
    }

    /** Starts vsftpd on another port. */
    static Process startVsftpd(Rig rig, Namespace host, String address, int port, FtpFiles files, String... more)
            throws IOException {
        List<String> lines = new ArrayList<>(List.of("listen_port=" + port));
        lines.addAll(List.of(more));
        List<String> command = VSFTPD.command(files, address, rig.newDirectory("ftpd"), lines);
        return rig.startServer(host, address, port, command.toArray(String[]::new));
    }

    /** Makes a certificate for a server that is started with that directory. */
    static void makeCertificate(Path work) throws IOException {
        String certificate = work.resolve(CERTIFICATE).toString();
        Shell.run(Tools.find("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                "/CN=lab", "-keyout", certificate, "-out", certificate + ".crt");
        Files.writeString(Path.of(certificate),
                Files.readString(Path.of(certificate)) + Files.readString(Path.of(certificate + ".crt")));
    }

    private static String tls(Path work) {
        Path certificate = work.resolve(CERTIFICATE);
        return Files.exists(certificate) ? """
                ssl_enable=YES
                allow_anon_ssl=YES
                force_anon_data_ssl=NO
                force_anon_logins_ssl=NO
                require_ssl_reuse=NO
                rsa_cert_file=%1$s
                rsa_private_key_file=%1$s
                """.formatted(certificate) : "";
    }
}
