package org.sluice.mgmt.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.sluice.mgmt.lab.Host;
import org.sluice.mgmt.lab.JavaCommand;

/** FTP clients, each told to keep to one mode and to believe the addresses that servers announce. */
enum FtpClientKind {
    CURL(EnumSet.allOf(FtpMode.class)) {
        @Override
        List<String> get(FtpMode mode, String user, String address, String name, Path to) {
            return curl(mode, user, "-o", to.toString(), url(address, name));
        }

        @Override
        List<String> put(FtpMode mode, String user, String address, Path from, String name) {
            return curl(mode, user, "-T", from.toString(), url(address, FtpFiles.UPLOADS + "/" + name));
        }
    },

    /** Knows EPRT for IPv6 only. */
    LFTP(EnumSet.of(FtpMode.PORT, FtpMode.PASV, FtpMode.EPSV)) {
        @Override
        List<String> get(FtpMode mode, String user, String address, String name, Path to) {
            return lftp(mode, user, address, "get " + name + " -o " + to);
        }

        @Override
        List<String> put(FtpMode mode, String user, String address, Path from, String name) {
            return lftp(mode, user, address, "put " + from + " -o " + FtpFiles.UPLOADS + "/" + name);
        }
    },

    /** Knows the commands of RFC 959 only. */
    NCFTP(EnumSet.of(FtpMode.PORT, FtpMode.PASV)) {
        @Override
        List<String> get(FtpMode mode, String user, String address, String name, Path to) {
            return ncftp("ncftpget", mode, user, address, name, to.toString());
        }

        @Override
        List<String> put(FtpMode mode, String user, String address, Path from, String name) {
            return ncftp("ncftpput", mode, user, address, from.toString(), FtpFiles.UPLOADS + "/" + name);
        }
    },

    /** The client of the BSDs. */
    TNFTP(EnumSet.allOf(FtpMode.class)) {
        @Override
        List<String> get(FtpMode mode, String user, String address, String name, Path to) {
            return tnftp(mode, user, address, "get " + name + " " + to);
        }

        @Override
        List<String> put(FtpMode mode, String user, String address, Path from, String name) {
            return tnftp(mode, user, address, "put " + from + " " + FtpFiles.UPLOADS + "/" + name);
        }
    },

    /** Makes the bytes itself, so that it needs no file. */
    COMMONS_NET(EnumSet.allOf(FtpMode.class)) {
        @Override
        List<String> get(FtpMode mode, String user, String address, String name, Path to) {
            return commonsNet(mode, user, address, "action=get", "file=" + name, "to=" + to);
        }

        @Override
        List<String> put(FtpMode mode, String user, String address, Path from, String name) {
            return commonsNet(mode, user, address, "action=put", "file=" + FtpFiles.UPLOADS + "/" + name,
                    "size=" + FtpFiles.LARGE_SIZE, "seed=" + FtpFiles.SEED);
        }
    };

    private static final String SECONDS = "40";

    private final Set<FtpMode> modes;

    FtpClientKind(Set<FtpMode> modes) {
        this.modes = modes;
    }

    Set<FtpMode> modes() {
        return modes;
    }

    /** @return the command line that fetches a file. */
    abstract List<String> get(FtpMode mode, String user, String address, String name, Path to);

    /** @return the command line that uploads a file into {@link FtpFiles#UPLOADS}. */
    abstract List<String> put(FtpMode mode, String user, String address, Path from, String name);

    private static String url(String address, String name) {
        return "ftp://" + address + "/" + name;
    }

    private static List<String> curl(FtpMode mode, String user, String... more) {
        List<String> command = new ArrayList<>(List.of(Tools.find("curl"), "-sS", "--max-time", SECONDS, "-u",
                user + ":lab", "--no-ftp-skip-pasv-ip"));
        command.addAll(switch (mode) {
            case PORT -> List.of("--ftp-port", "-", "--disable-eprt");
            case EPRT -> List.of("--ftp-port", "-");
            case PASV -> List.of("--disable-epsv");
            case EPSV -> List.of("--ftp-pasv");
        });
        command.addAll(List.of(more));
        return command;
    }

    private static List<String> lftp(FtpMode mode, String user, String address, String action) {
        String settings = "set ftp:ssl-allow no; set net:timeout 20; set net:max-retries 1; set ftp:fix-pasv-address no;"
                + "set xfer:clobber yes; set ftp:use-feat no; set ftp:passive-mode " + !mode.isActive()
                + "; set ftp:prefer-epsv " + (mode == FtpMode.EPSV) + ";";
        return List.of(Tools.find("lftp"), "--norc", "-c",
                "%s open -u %s,lab ftp://%s; %s".formatted(settings, user, address, action));
    }

    private static List<String> ncftp(String program, FtpMode mode, String user, String address, String from,
            String to) {
        return List.of("env", "HOME=/nonexistent", Tools.find(program), mode.isActive() ? "-E" : "-F", "-V", "-t",
                SECONDS, "-r", "1", "-u", user, "-p", "lab", "-C", address, from, to);
    }

    /** It ends with 0 whatever becomes of the transfer. */
    private static List<String> tnftp(FtpMode mode, String user, String address, String action) {
        return List.of("sh", "-c",
                "printf '%%s\\n' 'epsv4 %s' 'open %s' 'user %s lab' binary '%s' bye | '%s' -inV%s".formatted(
                        mode == FtpMode.EPSV || mode == FtpMode.EPRT ? "on" : "off", address, user, action,
                        Tools.find("tnftp"),
                        mode.isActive() ? "A" : "p"));
    }

    private static List<String> commonsNet(FtpMode mode, String user, String address, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("ftp", "mode=" + mode, "host=" + address, "user=" + user, "password=lab"));
        arguments.addAll(List.of(more));
        return JavaCommand.program(Host.class, arguments);
    }
}
