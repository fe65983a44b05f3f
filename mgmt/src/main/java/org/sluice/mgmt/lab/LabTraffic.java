package org.sluice.mgmt.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The traffic of the lab, one step after the other; each says in a line what was seen, or throws {@link LabException}. */
final class LabTraffic {
    private static final Pattern PING_TIME = Pattern.compile("= [0-9.]+/([0-9.]+)/");
    private static final Pattern EXTENDED = Pattern.compile("\\|1\\|([0-9.]+)\\|([0-9]+)\\|");
    private static final int SECONDS = 30;
    private static final int UPLOAD_SEED = 4;
    private static final int CLOSED_PORT = 5000;

    private final LabHosts hosts;
    private final Accounts accounts;
    private final Namespace client;
    private final Namespace server;

    /**
     * One step.
     *
     * @param name for people
     * @param action returns what was seen
     */
    record Step(String name, Callable<String> action) {}

    LabTraffic(LabHosts hosts, Accounts accounts) {
        this.hosts = hosts;
        this.accounts = accounts;
        client = hosts.topology().client();
        server = hosts.topology().server();
    }

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step("ping gateway", () -> ping(Topology.INSIDE_ADDRESS)));
        steps.add(new Step("ping server", () -> ping(Topology.SERVER_ADDRESS)));
        steps.add(new Step("HTTP", this::http));
        if (hasCurl()) {
            steps.add(new Step("HTTP by curl", this::curl));
        }
        steps.add(new Step("passive FTP", () -> passive("PASV")));
        steps.add(new Step("passive FTP", () -> passive("EPSV")));
        steps.add(new Step("active FTP", () -> active("PORT")));
        steps.add(new Step("active FTP", () -> active("EPRT")));
        steps.add(new Step("IRC DCC", () -> dcc(Topology.SERVER_ADDRESS, "SEND")));
        steps.add(new Step("IRC DCC", () -> dcc(Topology.SERVER_ADDRESS, "CHAT")));
        if (hosts.has(DebianServer.VSFTPD) && hasCurl()) {
            steps.add(new Step("curl, vsftpd", this::curlActive));
        }
        if (hosts.has(DebianServer.NGIRCD)) {
            steps.add(new Step("DCC, ngircd", () -> dcc(LabHosts.DEBIAN_ADDRESS, "SEND")));
        }
        steps.add(new Step("from outside", this::unsolicited));
        steps.add(new Step("every packet", this::accounts));
        return steps;
    }

    private String ping(String address) {
        Shell.Result result = client.attempt(SECONDS, "ping", "-n", "-c", "5", "-i", "0.2", "-W", "2", address);
        if (result.status() == Shell.NOT_FOUND || result.output().contains("exec of \"ping\" failed")) {
            throw new LabException("no ping on this machine; install the Debian package iputils-ping");
        }
        Matcher times = PING_TIME.matcher(result.output());
        demand(result.ok() && times.find(), result.output());
        return address + "  5 of 5 answered, " + times.group(1) + " ms on average";
    }

    private String http() {
        String[] seen = hosts.inside("http", "url=" + url()).getFirst().split(" ");
        demandData(seen[0], seen[1]);
        demand(seen[2].equals(Topology.OUTSIDE_ADDRESS), "the server saw " + seen[2]);
        return translated(Topology.CLIENT_ADDRESS, seen[2]) + data(LabServer.SIZE);
    }

    private String curl() {
        Shell.Result result = client.attempt(SECONDS, "curl", "-sS", "--max-time", "20", "-o", "/dev/null", "-w",
                "%{size_download} %{http_code}", url());
        demand(result.ok() && result.output().strip().equals(LabServer.SIZE + " 200"), result.output());
        return count(LabServer.SIZE) + " bytes";
    }

    private static boolean hasCurl() {
        return Shell.attempt("curl", "--version").ok();
    }

    private String curlActive() {
        Shell.Result result = client.attempt(SECONDS, "sh", "-c",
                "curl -sS --max-time 20 --disable-eprt --ftp-port - ftp://" + LabHosts.DEBIAN_ADDRESS + "/"
                        + LabServer.FILE + " | sha256sum");
        demand(result.output().startsWith(TestData.sha256(TestData.bytes(LabServer.SIZE, LabServer.SEED))),
                result.output());
        return "PORT" + data(LabServer.SIZE);
    }

    private static String url() {
        return "http://" + Topology.SERVER_ADDRESS + "/" + LabServer.FILE;
    }

    private String passive(String mode) {
        get(mode);
        return mode + data(LabServer.SIZE);
    }

    private String active(String command) {
        get(command);
        String seen = place(command, hosts.serverSaw(command));
        demand(seen.startsWith(Topology.OUTSIDE_ADDRESS + ":"), "the server was told " + seen);
        String[] put = hosts.ftp(command, "put", "upload.bin", "size=" + LabServer.SIZE, "seed=" + UPLOAD_SEED)
                .getLast().split(" ");
        demand(put[0].equals(Integer.toString(LabServer.SIZE)), "sent " + put[0] + " bytes");
        return command + " " + translated(Topology.CLIENT_ADDRESS, seen) + data(LabServer.SIZE);
    }

    private void get(String mode) {
        String[] got = hosts.ftp(mode, "get", LabServer.FILE).getLast().split(" ");
        demandData(got[0], got[1]);
    }

    /** @return ADDRESS:PORT as in the argument of PORT (RFC 959) or EPRT (RFC 2428). */
    private static String place(String command, String argument) {
        if (command.equals("EPRT")) {
            Matcher fields = EXTENDED.matcher(argument);
            demand(fields.matches(), "the server got EPRT " + argument);
            return fields.group(1) + ":" + fields.group(2);
        }
        String[] numbers = argument.split(",");
        demand(numbers.length == 6, "the server got PORT " + argument);
        int port = Integer.parseInt(numbers[4]) << 8 | Integer.parseInt(numbers[5]);
        return String.join(".", List.of(numbers).subList(0, 4)) + ":" + port;
    }

    private String dcc(String host, String kind) {
        List<String> lines = hosts.inside("irc", "host=" + host, "peer=" + LabServer.PEER,
                "kind=" + kind, "size=" + LabServer.SIZE);
        String[] announced = lines.getFirst().split(" ");
        String[] answer = lines.getLast().split(" ");
        boolean send = kind.equals("SEND");
        demand(answer[0].equals(send ? "got" : "chatted"), "the peer says: " + lines.getLast());
        demand(answer[1].equals(Topology.OUTSIDE_ADDRESS), "the peer was told " + answer[1]);
        if (send) {
            demand(lines.contains(answer[3] + " " + answer[4]), "other bytes came than were sent");
        }
        return kind + " " + translated(announced[1] + ":" + announced[2], answer[1] + ":" + answer[2])
                + (send ? data(LabServer.SIZE) : "  a line each way");
    }

    private String unsolicited() {
        // the server's default route leads to the gateway, as an attacker's would
        Shell.Result result = LabHosts.attempt(server, "connect", "host=" + Topology.CLIENT_ADDRESS,
                "port=" + CLOSED_PORT, "seconds=1");
        demand(!result.ok() && result.output().contains("timed out"),
                "a connection to the client was not dropped: " + result.output());
        return "connection to " + Topology.CLIENT_ADDRESS + " dropped";
    }

    private String accounts() {
        Accounts.Statement statement = accounts.atRest();
        demand(statement.agrees(), "the sums do not agree: " + statement.describe());
        return statement.describe();
    }

    private static void demandData(String size, String digest) {
        byte[] bytes = TestData.bytes(LabServer.SIZE, LabServer.SEED);
        demand(size.equals(Integer.toString(bytes.length)) && digest.equals(TestData.sha256(bytes)),
                "got " + size + " bytes with SHA-256 " + digest + ", not those of the file");
    }

    private static void demand(boolean condition, String otherwise) {
        if (!condition) {
            throw new LabException(otherwise.strip());
        }
    }

    private static String translated(String from, String to) {
        return from + " → server saw " + to;
    }

    private static String data(int size) {
        return "  " + count(size) + " bytes  sha256 ok";
    }

    private static String count(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
