package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;
import tools.jackson.databind.JsonNode;

/**
 * The gateway's process is killed while a download runs and between the commands of an FTP session, and another one is started: neither
 * notices more than a pause, and no flow is lost that was there. The system property {@code sluice.kills} says how often, {@code sluice.seed} when,
 * {@code sluice.kills.many} how often with many flows. How long nothing was forwarded is printed.
 */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "Linux keeps its flows in the kernel")
class RestartIT extends GatewayScenario {
    private static final int KILLS = Integer.getInteger("sluice.kills", 3);
    private static final int KILLS_WITH_MANY = Integer.getInteger("sluice.kills.many", 1);
    private static final int MANY = 100_000;
    /** Bytes at the end of a journal, in which there are records, and be it the end of a snapshot. */
    private static final int RECORDS = 200;
    private static final Pattern SNAPSHOT = Pattern.compile("(?m)^sluice_journal_snapshots_total [1-9]");
    private static final Pattern RESTORED = Pattern.compile("(?m)^sluice_journal_restored_flows (\\S+)$");
    /** So many that the session is under way at all of the kills, but on a slow machine. */
    private static final int FETCHES = 5 * KILLS + 4;
    private static final int SECONDS_A_FETCH = 10;
    private static final int LONGEST_WAIT_MS = 1_500;
    /** What Linux's TCP has come to when a gateway took long to start, and as much again to go on. */
    private static final int LONGEST_RETRANSMISSION_SECONDS = 180;
    private static final String PAGE = "large.bin";
    private static final int SECONDS_A_KILL = KILLS > 10 ? 16 : 10;
    /** What curl takes in a second. */
    private static final int RATE = KILLS > 10 ? 1 << 19 : 2 << 20;
    private static final int FIRST_PORT = 50_123;
    private static final int SECOND_PORT = 50_124;
    private static final int FAST = 20 << 20;
    private static final Pattern TO_CLIENT = Pattern.compile("sluice_tx_bytes_total\\{interface=\"inside\"} (\\S+)");
    /** More than the client sees of anything but the download. */
    private static final int PROGRESS = 1 << 18;
    /** Flows that begin while it is killed. */
    private static final int DATAGRAMS = 200;
    private static final int FIRST_DATAGRAM_PORT = 20_000;
    /** No longer than a minute and a half of it, so that many kills do not end with waiting for the last. */
    private static final int LARGE = RATE * SECONDS_A_KILL * Math.min(KILLS, 6);
    private static final byte[] CONTENT = TestData.bytes(LARGE, 99);

    RestartIT() {
        super(Plan.RESTART);
    }

    @Override
    void startServers() throws Exception {
        WebServer.start(rig(), rig().server(), Topology.SERVER_ADDRESS, PAGE, CONTENT);
        FtpServerKind.VSFTPD.start(rig(), rig().server(), Topology.SERVER_ADDRESS,
                FtpFiles.in(rig().newDirectory("files")));
    }

    private SluiceMiddle gateway() {
        return (SluiceMiddle) rig().middle();
    }

    private static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private Process download(Path to, Path log, int rate, int port) {
        return rig().client().start(List.of(Tools.find("curl"), "--silent", "--show-error", "--local-port",
                Integer.toString(port), "--limit-rate", Integer.toString(rate), "--output", to.toString(),
                "http://" + Topology.SERVER_ADDRESS + "/" + PAGE), log);
    }

    @Test
    void shouldGoOnWithADownloadAndAnFtpSessionHoweverOftenItIsKilled() throws Exception {
        long seed = Long.getLong("sluice.seed", ThreadLocalRandom.current().nextLong());
        Random random = new Random(seed);
        Downloads downloads = new Downloads();
        List<String> steps = new ArrayList<>(
                List.of("client", Topology.SERVER_ADDRESS, "21", "reply", "say", "USER anonymous~", "reply"));
        for (int i = 0; i < FETCHES; i++) {
            steps.addAll(List.of("say", "PORT @~", "reply", "say", "RETR small.bin~", "data", "reply", "reply", "pause",
                    Integer.toString(1_000 + random.nextInt(3_000))));
        }
        Path ftpLog = rig().newDirectory("ftp").resolve("log");
        Process ftp = rig().client().start(JavaCommand.program(RawFtp.class, steps), ftpLog);
        Rig.await("the FTP session has begun", () -> read(ftpLog).contains("data "));

        int sessions = 0;
        Outages outages = new Outages(rig());
        for (int i = 0; i < KILLS; i++) {
            // a sender that has lost much waits twice as long each time, so it is let come again before the next kill
            downloads.keepOneUnderWay();
            Rig.await("seed %d, kill %d: the download goes on".formatted(seed, i), LONGEST_RETRANSMISSION_SECONDS,
                    () -> toClient() > PROGRESS || downloads.ended());
            pause(random.nextInt(LONGEST_WAIT_MS));
            int port = FIRST_DATAGRAM_PORT + DATAGRAMS * (i % 100);
            Process datagrams = newFlows(port);
            Rig.await("seed %d, kill %d: flows begin".formatted(seed, i), () -> !datagramFlows(port).isEmpty());
            int before = flows();
            sessions += ftp.isAlive() ? 1 : 0;
            Set<String> listed = datagramFlows(port);
            gateway().kill();
            outages.killed();
            gateway().restart();
            assertThat(datagramFlows(port)).as("seed %d, kill %d: every flow that was listed", seed, i)
                    .containsAll(listed);
            datagrams.destroy();
            assertThat(gateway().log()).as("seed %d, kill %d", seed, i).contains(" flows go on")
                    .doesNotContain("damaged").doesNotContain("please report");
            // the FTP session; a download may have come to its end meanwhile
            assertThat(flows()).as("seed %d, kill %d: flows", seed, i).isGreaterThanOrEqualTo(Math.min(1, before));
            System.out.printf("kill %d of %d: all %d new flows are there%n", i + 1, KILLS, listed.size());
        }
        List<Long> lasted = outages.end();
        downloads.shouldAllBeWhole(seed);
        assertThat(ftp.waitFor(SECONDS_A_FETCH * FETCHES, TimeUnit.SECONDS)).as("the FTP session's end, seed %d", seed)
                .isTrue();
        List<String> lines = read(ftpLog).lines().toList();
        assertThat(lines).filteredOn(l -> l.startsWith("data ")).as("seed %d: %s", seed, lines)
                .hasSize(FETCHES).allMatch(("data " + FtpFiles.SMALL_SIZE)::equals);
        System.out.printf("killed %d times, %d of them in the FTP session, seed %d; %s%n", KILLS, sessions, seed,
                Outages.describe(lasted));
    }

    /**
     * One download after the other, so that one is under way at every kill even where starting takes long and the first ends before the
     * last kill.
     */
    private final class Downloads {
        private final Path directory = rig().newDirectory("download");
        private final List<Process> all = new ArrayList<>();

        void keepOneUnderWay() {
            if (all.isEmpty() || ended()) {
                all.add(download(file(all.size()), log(all.size()), RATE, FIRST_PORT - all.size()));
            }
        }

        boolean ended() {
            return !all.getLast().isAlive();
        }

        void shouldAllBeWhole(long seed) throws Exception {
            assertThat(all.getLast().waitFor(LARGE / RATE + 60L, TimeUnit.SECONDS))
                    .as("the download's end, seed %d", seed).isTrue();
            for (int i = 0; i < all.size(); i++) {
                assertThat(read(log(i))).as("download %d, seed %d", i, seed).isEmpty();
                assertThat(TestData.sha256(Files.readAllBytes(file(i)))).as("download %d, seed %d", i, seed)
                        .isEqualTo(TestData.sha256(CONTENT));
            }
        }

        private Path file(int number) {
            return directory.resolve(PAGE + "." + number);
        }

        private Path log(int number) {
            return directory.resolve("log." + number);
        }
    }

    /** Each kill has ports of its own. They end by themselves, two minutes later. */
    private Process newFlows(int firstPort) {
        List<String> command = new ArrayList<>(SluiceMiddle.java(ManyDatagrams.class.getName()));
        command.addAll(List.of(Integer.toString(firstPort), Integer.toString(DATAGRAMS), Topology.SERVER_ADDRESS, "9"));
        return rig().client().start(command, rig().newDirectory("datagrams").resolve("log"));
    }

    /** @return both directions of each, and the number by which the journal knows it */
    private Set<String> datagramFlows(int firstPort) {
        Set<String> all = new HashSet<>();
        for (JsonNode flow : gateway().flows("proto=udp&dport=9")) {
            JsonNode original = flow.get("original");
            JsonNode reply = flow.get("reply");
            int port = original.get("sport").asInt();
            if (port < firstPort || port >= firstPort + DATAGRAMS) {
                continue;
            }
            all.add("%s: %s:%s, %s:%s".formatted(flow.get("id"), original.get("src"), port,
                    reply.get("dst"), reply.get("dport")));
        }
        return all;
    }

    private double toClient() {
        Matcher bytes = TO_CLIENT.matcher(gateway().get("/metrics"));
        return bytes.find() ? Double.parseDouble(bytes.group(1)) : 0;
    }

    private double flowCount() {
        Matcher restored = RESTORED.matcher(gateway().get("/metrics"));
        return restored.find() ? Double.parseDouble(restored.group(1)) : 0;
    }

    private int flows() {
        return gateway().get("/api/v1/flows?state=ESTABLISHED").split("\"state\"", -1).length - 1;
    }

    @Test
    void shouldLoseNothingOverAnOrderlyRestartAndKnowWhoItWas() throws Exception {
        Path directory = rig().newDirectory("download");
        Path fetched = directory.resolve(PAGE);
        Path log = directory.resolve("log");
        Process download = download(fetched, log, FAST, SECOND_PORT);
        Rig.await("it has begun", () -> Files.exists(fetched));
        gateway().stop();
        gateway().restart();
        assertThat(gateway().log()).contains("when the gateway was stopped");
        assertThat(download.waitFor(LARGE / RATE + 60L, TimeUnit.SECONDS)).isTrue();
        assertThat(TestData.sha256(Files.readAllBytes(fetched))).isEqualTo(TestData.sha256(CONTENT));

        List<String> query = new ArrayList<>(SluiceMiddle.command());
        query.addAll(List.of("journal", "query", Topology.OUTSIDE_ADDRESS, Integer.toString(SECOND_PORT), "--state",
                gateway().state().toString()));
        Rig.await("the journal knows who it was", () -> Shell.attempt(60, query).output()
                .contains(Topology.CLIENT_ADDRESS + ":" + SECOND_PORT));
    }

    @Test
    void shouldBringBackAHundredThousandFlows() throws Exception {
        // in order: a gateway that was never stopped has not kept its classes yet, and starts more slowly
        gateway().stop();
        ManyFlows.write(gateway().state(), MANY);
        gateway().restart();
        assertThat(gateway().get("/metrics")).contains("sluice_journal_restored_flows " + (double) MANY);
        Outages outages = new Outages(rig());
        for (int i = 0; i < KILLS_WITH_MANY; i++) {
            awaitSnapshot();
            gateway().kill();
            outages.killed();
            gateway().restart();
            // those by UDP have their end on a busy machine
            assertThat(flowCount()).isGreaterThanOrEqualTo(MANY / 2);
        }
        System.out.printf("%d flows; %s; the last start:%n%s", MANY, Outages.describe(outages.end()), gateway().log());
        assertThat(rig().run(rig().client(), Tools.find("ping"), "-c", "1", Topology.SERVER_ADDRESS))
                .contains(" 0% packet loss");
        // the next one has nothing left to do with them
        gateway().command("flush", "flows");
    }

    @Test
    void shouldStartWithADamagedJournalAndSaySo() throws Exception {
        awaitSnapshot();
        gateway().kill();
        for (Path file : journalFiles()) {
            int written = written(file);
            damage(file, 0, written);
            damage(file, Math.max(0, written - RECORDS), written);
        }
        gateway().restart();
        assertThat(gateway().log()).contains("was damaged in");
        assertThat(rig().run(rig().client(), Tools.find("ping"), "-c", "1", Topology.SERVER_ADDRESS))
                .contains(" 0% packet loss");
    }

    private void awaitSnapshot() {
        Rig.await("everything alive is written", () -> SNAPSHOT.matcher(gateway().get("/metrics")).find());
    }

    /** The file is as long as it may become, and zeroes follow. */
    private static int written(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int end = all.length;
        while (end > 0 && all[end - 1] == 0) {
            end--;
        }
        return end;
    }

    /** In a hundred places from {@code begin} to before {@code end}, if there are any. */
    private static void damage(Path file, int begin, int end) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < 100 && begin < end; i++) {
                channel.write(ByteBuffer.wrap(new byte[]{0x5A, 0x5A, 0x5A}),
                        ThreadLocalRandom.current().nextLong(begin, end));
            }
        }
    }

    private List<Path> journalFiles() throws IOException {
        try (Stream<Path> files = Files.walk(gateway().state())) {
            return files.filter(f -> f.toString().endsWith(".cq4")).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
