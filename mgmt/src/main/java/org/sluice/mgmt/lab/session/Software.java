package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.sluice.mgmt.lab.DebianServer;
import org.sluice.mgmt.lab.Host;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** Programs of Debian on both sides of the gateway. */
enum Software implements Session {
    CURL_PORT("ftp", "curl PORT, vsftpd outside") {
        @Override
        public void play(Stage stage) throws IOException {
            fetchFtp(stage, false, curl("--ftp-port", "-", "--disable-eprt"));
        }
    },
    CURL_EPRT("ftp", "curl EPRT, vsftpd outside") {
        @Override
        public void play(Stage stage) throws IOException {
            fetchFtp(stage, false, curl("--ftp-port", "-"));
        }
    },
    CURL_PASV("ftp", "curl PASV, vsftpd outside") {
        @Override
        public void play(Stage stage) throws IOException {
            fetchFtp(stage, false, curl("--disable-epsv"));
        }
    },
    CURL_EPSV("ftp", "curl EPSV, vsftpd outside") {
        @Override
        public void play(Stage stage) throws IOException {
            fetchFtp(stage, false, curl("--ftp-pasv"));
        }
    },
    LFTP_PORT("ftp", "lftp PORT, vsftpd outside") {
        @Override
        public void play(Stage stage) throws IOException {
            fetchFtp(stage, false, List.of(find("lftp"), "--norc", "-c",
                    "set net:timeout 10; set net:max-retries 1; set ftp:use-feat no; set ftp:passive-mode no;"
                            + "open -u anonymous,lab ftp://@; get " + FILE + " -o %"));
        }
    },
    INSIDE_PASV("ftp", "curl PASV, vsftpd inside") {
        @Override
        public void play(Stage stage) throws IOException {
            fetchFtp(stage, true, curl("--disable-epsv"));
        }
    },
    INSIDE_EPSV("ftp", "curl EPSV, vsftpd inside") {
        @Override
        public void play(Stage stage) throws IOException {
            fetchFtp(stage, true, curl("--ftp-pasv"));
        }
    },
    INSIDE_PORT("ftp", "curl PORT, vsftpd inside") {
        @Override
        public void play(Stage stage) throws IOException {
            fetchFtp(stage, true, curl("--ftp-port", "-", "--disable-eprt"));
        }
    },
    NGIRCD_SEND("irc", "DCC SEND of 1 MB by ngircd outside") {
        @Override
        public void play(Stage stage) throws IOException {
            offer(stage, "SEND", "got");
        }
    },
    NGIRCD_CHAT("irc", "DCC CHAT by ngircd outside") {
        @Override
        public void play(Stage stage) throws IOException {
            offer(stage, "CHAT", "chatted");
        }
    },
    TFTP_OUTSIDE("tftp", "tftp, tftpd-hpa outside") {
        @Override
        public void play(Stage stage) throws IOException {
            fetchTftp(stage, false);
        }
    },
    TFTP_INSIDE("tftp", "tftp, tftpd-hpa inside") {
        @Override
        public void play(Stage stage) throws IOException {
            fetchTftp(stage, true);
        }
    },
    PPTP_OUTSIDE("pptp", "pptp, pptpd outside") {
        @Override
        public void play(Stage stage) throws IOException {
            call(stage, false, List.of(Topology.CLIENT_ADDRESS));
        }
    },
    PPTP_TWO("pptp", "two pptp, pptpd outside") {
        @Override
        public void play(Stage stage) throws IOException {
            call(stage, false, List.of(Topology.CLIENT_ADDRESS, Stage.SECOND_CLIENT_ADDRESS));
        }
    },
    PPTP_INSIDE("pptp", "pptp, pptpd inside") {
        @Override
        public void play(Stage stage) throws IOException {
            call(stage, true, List.of(Topology.SERVER_ADDRESS));
        }
    };

    private static final String FILE = "file.bin";
    private static final int SIZE = 1_000_000;
    private static final String SECONDS = "15";
    private static final int LIMIT_SECONDS = 25;
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long CALL_NANOS = TimeUnit.SECONDS.toNanos(8);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private final String helper;
    private final String title;

    Software(String helper, String title) {
        this.helper = helper;
        this.title = title;
    }

    @Override
    public String helper() {
        return helper;
    }

    @Override
    public String title() {
        return title;
    }

    static String find(String program) {
        return Arrays.stream((System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/bin").split(":"))
                .map(directory -> Path.of(directory, program)).filter(Files::isExecutable).findFirst()
                .orElseThrow(() -> new UnavailableException(program + " is not installed")).toString();
    }

    /** @return a command in which {@code @} stands for the server's address and {@code %} for the file that it makes. */
    private static List<String> curl(String... options) {
        List<String> command = new ArrayList<>(List.of(find("curl"), "-sS", "--max-time", SECONDS, "-u",
                "anonymous:lab", "--no-ftp-skip-pasv-ip", "-o", "%"));
        command.addAll(List.of(options));
        command.add("ftp://@/" + FILE);
        return command;
    }

    private static void fetchFtp(Stage stage, boolean serverInside, List<String> command) throws IOException {
        find(DebianServer.VSFTPD.program());
        Party server = serverInside ? stage.inside() : stage.outside();
        String own = serverInside ? Topology.CLIENT_ADDRESS : Topology.SERVER_ADDRESS;
        List<String> start = DebianServer.VSFTPD.command(own, files(stage), stage.newDirectory(), "");
        try (Running _ = start(stage, server, start, () -> accepts(server, own, DebianServer.VSFTPD.port()))) {
            fetch(stage, serverInside, command);
        }
    }

    private static void fetchTftp(Stage stage, boolean serverInside) throws IOException {
        Party server = serverInside ? stage.inside() : stage.outside();
        String own = serverInside ? Topology.CLIENT_ADDRESS : Topology.SERVER_ADDRESS;
        List<String> start = List.of(find("in.tftpd"), "--foreground", "--user", "nobody", "--address", own + ":69",
                "--secure", files(stage).toString());
        List<String> get = List.of(find("tftp"), "-m", "binary", "@", "-c", "get", FILE, "%");
        try (Running _ = start(stage, server, start,
                () -> server.namespace().run("ss", "-Hlun", "sport = :69").contains(":69"))) {
            fetch(stage, serverInside, get);
        }
    }

    private static Path files(Stage stage) throws IOException {
        Path files = stage.newDirectory();
        Files.write(files.resolve(FILE), TestData.bytes(SIZE, SIZE));
        return files;
    }

    private static void fetch(Stage stage, boolean serverInside, List<String> template) throws IOException {
        Party client = serverInside ? stage.outside() : stage.inside();
        String address = serverInside ? Topology.OUTSIDE_ADDRESS : Topology.SERVER_ADDRESS;
        Path got = stage.newDirectory().resolve("got");
        String[] command = template.stream()
                .map(word -> word.replace("@/", address + "/").replace("//@", "//" + address)
                        .replaceFirst("^@$", address).replace("%", got.toString()))
                .toArray(String[]::new);
        Shell.Result result = client.namespace().attempt(LIMIT_SECONDS, command);
        if (!Files.exists(got) || !Arrays.equals(Files.readAllBytes(got), TestData.bytes(SIZE, SIZE))) {
            throw new MissedException(result.status() == Shell.TIMED_OUT
                    ? "no file within " + LIMIT_SECONDS + " s"
                    : "no file: " + End.printable(result.output().lines().reduce((a, b) -> b).orElse("")));
        }
    }

    private static void offer(Stage stage, String kind, String success) throws IOException {
        find(DebianServer.NGIRCD.program());
        Path work = stage.newDirectory();
        List<String> start = DebianServer.NGIRCD.command(Topology.SERVER_ADDRESS, work, work, "");
        try (Running _ = start(stage, stage.outside(), start,
                () -> accepts(stage.outside(), Topology.SERVER_ADDRESS, DebianServer.NGIRCD.port()));
                Running _ = startPeer(stage)) {
            List<String> command = JavaCommand.program(Host.class, List.of("irc", "host=" + Topology.SERVER_ADDRESS,
                    "peer=outer", "kind=" + kind, "size=" + SIZE));
            Shell.Result result = stage.inside().namespace().attempt(LIMIT_SECONDS, command.toArray(String[]::new));
            String last = result.output().lines().reduce((a, b) -> b).orElse("");
            if (!result.ok() || !last.startsWith(success + " " + Topology.OUTSIDE_ADDRESS)) {
                throw new MissedException(End.printable(last));
            }
        }
    }

    /** Calls that stand at once; on each, the server sends back what is said. */
    private static void call(Stage stage, boolean serverInside, List<String> callers) throws IOException {
        Party server = serverInside ? stage.inside() : stage.outside();
        Party client = serverInside ? stage.outside() : stage.inside();
        String own = serverInside ? Topology.CLIENT_ADDRESS : Topology.SERVER_ADDRESS;
        String known = serverInside ? Topology.OUTSIDE_ADDRESS : Topology.SERVER_ADDRESS;
        List<String> start = Pptp.server(stage.newDirectory(), own, Path.of(find("pptpctrl")));
        List<Running> clients = new ArrayList<>();
        List<Path> heard = new ArrayList<>();
        try (Running _ = start(stage, server, start, () -> accepts(server, own, Pptp.PORT))) {
            for (String caller : callers) {
                Path work = stage.newDirectory();
                heard.add(work.resolve("heard"));
                clients.add(new Running(client.namespace()
                        .start(Pptp.client(work, find("pptp"), find("script"), known, caller), heard.getLast())));
                demandHeard(caller, heard.getLast(), Pptp.GREETINGS);
            }
            for (int i = 0; i < clients.size(); i++) {
                OutputStream frames = clients.get(i).process.getOutputStream();
                frames.write(PppFrame.of("this is " + callers.get(i)));
                frames.flush();
                demandHeard(callers.get(i), heard.get(i), "this is " + callers.get(i));
            }
        } finally {
            clients.forEach(Running::close);
        }
    }

    private static void demandHeard(String who, Path heard, String text) throws MissedException {
        if (!holdsWithin(CALL_NANOS, () -> Pptp.heard(heard).contains(text))) {
            throw new MissedException("no \"" + text + "\" reaches " + who);
        }
    }

    private static boolean holdsWithin(long nanos, BooleanSupplier condition) {
        long deadline = System.nanoTime() + nanos;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    private static Running startPeer(Stage stage) throws IOException {
        Path log = stage.newDirectory().resolve("log");
        List<String> command = JavaCommand.program(Host.class,
                List.of("irc-peer", "host=" + Topology.SERVER_ADDRESS, "nick=outer"));
        return new Running(stage.outside().namespace().start(command, log))
                .awaiting("irc-peer", () -> read(log).lines().anyMatch("ready"::equals));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean accepts(Party host, String address, int port) {
        try (SocketChannel _ = host.connect(address, new InetSocketAddress(InetAddress.ofLiteral(address), port),
                End.TIMEOUT_MILLIS)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Running start(Stage stage, Party host, List<String> command, BooleanSupplier ready)
            throws IOException {
        Path log = stage.newDirectory().resolve("log");
        return new Running(host.namespace().start(command, log)).awaiting(command.getFirst(), ready);
    }

    /** A server that ends with the session. */
    private record Running(Process process) implements AutoCloseable {

        Running awaiting(String name, BooleanSupplier ready) {
            if (!holdsWithin(START_NANOS, () -> !process.isAlive() || ready.getAsBoolean()) || !process.isAlive()) {
                close();
                throw new UnavailableException(name + " does not start");
            }
            return this;
        }

        @Override
        public void close() {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            children.forEach(ProcessHandle::destroy);
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
