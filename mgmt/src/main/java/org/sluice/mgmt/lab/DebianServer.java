package org.sluice.mgmt.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Servers of Debian that are put to use when they are installed, each with a configuration of its own. */
public enum DebianServer {
    /** FTP for anonymous users, on port 21. */
    VSFTPD("vsftpd", 21) {
        @Override
        String configuration(String address, Path files, Path work) throws IOException {
            return """
                    %s
                    background=NO
                    anonymous_enable=YES
                    no_anon_password=YES
                    local_enable=NO
                    write_enable=YES
                    anon_upload_enable=YES
                    anon_other_write_enable=YES
                    anon_umask=022
                    anon_root=%s
                    ftp_username=ftp
                    nopriv_user=nobody
                    secure_chroot_dir=%s
                    connect_from_port_20=YES
                    seccomp_sandbox=NO
                    tcp_wrappers=NO
                    session_support=NO
                    """.formatted(address.contains(":")
                    ? "listen=NO\nlisten_ipv6=YES\nlisten_address6=" + address
                    : "listen=YES\nlisten_address=" + address, files, Files.createDirectory(work.resolve("empty")));
        }

        @Override
        List<String> arguments(Path configuration) {
            return List.of(configuration.toString());
        }
    },

    /** IRC, on port 6667. */
    NGIRCD("ngircd", IrcRelay.PORT) {
        @Override
        String configuration(String address, Path files, Path work) {
            return """
                    [Global]
                    Name = irc.lab
                    Info = lab
                    Listen = %s
                    Ports = %d
                    ServerUID = nobody
                    ServerGID = nogroup
                    [Limits]
                    MaxConnectionsIP = 0
                    [Options]
                    DNS = no
                    Ident = no
                    PAM = no
                    """.formatted(address, port());
        }

        @Override
        List<String> arguments(Path configuration) {
            return List.of("-n", "-f", configuration.toString());
        }
    };

    private static final List<String> PLACES = List.of("/usr/sbin", "/usr/bin");

    private final String program;
    private final int port;

    DebianServer(String program, int port) {
        this.program = program;
        this.port = port;
    }

    abstract String configuration(String address, Path files, Path work) throws IOException;

    abstract List<String> arguments(Path configuration);

    /** @return the name of the program and of its package. */
    public String program() {
        return program;
    }

    /** @return the TCP port it listens on. */
    public int port() {
        return port;
    }

    /** @return whether it is on this machine. */
    public boolean isInstalled() {
        return PLACES.stream().anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    /**
     * Writes its configuration.
     *
     * @param address it is to listen on
     * @param files what an FTP server serves
     * @param work an empty directory for its own files
     * @param more lines for the end of the configuration
     * @return the command line that starts it in the foreground
     */
    public List<String> command(String address, Path files, Path work, String more) throws IOException {
        String path = PLACES.stream().map(place -> Path.of(place, program)).filter(Files::isExecutable).findFirst()
                .orElseThrow(() -> new LabException(program + " is not installed")).toString();
        Path configuration = work.resolve(program + ".conf");
        Files.writeString(configuration, configuration(address, files, work) + more);
        List<String> command = new ArrayList<>(List.of(path));
        command.addAll(arguments(configuration));
        return command;
    }
}
