package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Topology;

/** baresip inside and outside, registered with Kamailio outside, which stays in the middle of their calls. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "not set up for SIP")
class SipPhoneIT {
    private static final String INNER = "inner";
    private static final String OUTER = "outer";
    /** The second number is what arrives. */
    private static final Pattern HEARS = Pattern.compile("audio=\\d+/[1-9]\\d{3,} \\(bit/s\\)");
    private static final String ESTABLISHED = "Call established";
    private static final String PATIENCE_SECONDS = "15";
    private static final int SAMPLES_PER_SECOND = 8_000;

    private final List<Process> phones = new ArrayList<>();
    private Rig rig;
    private Path speech;

    /** A phone that runs, and what it has printed. */
    private record Phone(Process process, Path log) {

        String text() {
            return read(log);
        }
    }

    private void open(Plan plan) throws IOException {
        rig = Rig.open(plan);
        speech = rig.newDirectory("speech").resolve("speech.wav");
        byte[] noise = new byte[2 * 20 * SAMPLES_PER_SECOND];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) (i * i >> 3 & 0x1F);
        }
        AudioFormat format = new AudioFormat(SAMPLES_PER_SECOND, 16, 1, true, false);
        AudioSystem.write(new AudioInputStream(new ByteArrayInputStream(noise), format, noise.length / 2),
                AudioFileFormat.Type.WAVE, speech.toFile());
        startRegistrar();
    }

    @AfterEach
    void accountForEveryPacketAndClose() throws InterruptedException {
        try {
            for (Process phone : phones) {
                phone.destroy();
                assertThat(phone.waitFor(20, TimeUnit.SECONDS)).as("a phone ends").isTrue();
            }
            rig.middle().assertAtRest();
        } finally {
            rig.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void shouldLetARegisteredPhoneInsideBeCalled(String transport) throws IOException {
        open(Plan.SIP);
        Phone callee = phone(rig.client(), INNER, Topology.CLIENT_ADDRESS, 5060, transport);
        awaitText(callee, "200 OK");

        Phone caller = phone(rig.server(), OUTER, Topology.SERVER_ADDRESS, 5080, "udp", "-e", dial(INNER));

        assertConversation(caller, callee);
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void shouldLetAPhoneInsideCall(String transport) throws IOException {
        open(Plan.SIP);
        Phone callee = phone(rig.server(), OUTER, Topology.SERVER_ADDRESS, 5080, "udp");
        awaitText(callee, "200 OK");

        Phone caller = phone(rig.client(), INNER, Topology.CLIENT_ADDRESS, 5060, transport, "-e", dial(OUTER));

        assertConversation(caller, callee);
    }

    @Test
    void shouldNotBeCalledWithoutTheHelper() throws IOException {
        open(Plan.WITHOUT_HELPERS);
        Phone callee = phone(rig.client(), INNER, Topology.CLIENT_ADDRESS, 5060, "udp");
        awaitText(callee, "200 OK");

        Phone caller = phone(rig.server(), OUTER, Topology.SERVER_ADDRESS, 5080, "udp", "-e", dial(INNER), "-t",
                PATIENCE_SECONDS);

        Rig.await("the caller gives up", () -> caller.text().contains("session closed") || !caller.process.isAlive());
        assertThat(caller.text()).doesNotContain(ESTABLISHED);
        assertThat(callee.text()).doesNotContain(ESTABLISHED);
    }

    private void assertConversation(Phone caller, Phone callee) {
        for (Phone phone : List.of(caller, callee)) {
            awaitText(phone, ESTABLISHED);
            await("audio arrives", phone, () -> HEARS.matcher(phone.text()).find());
        }
        // it hangs up when it is asked to end
        caller.process.destroy();
        Rig.await("the caller hangs up", () -> !caller.process.isAlive());
        awaitText(callee, "terminated (duration");
    }

    private void awaitText(Phone phone, String text) {
        await(text, phone, () -> phone.text().contains(text));
    }

    private void await(String what, Phone phone, BooleanSupplier condition) {
        try {
            Rig.await(what, condition);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + " in:\n" + phone.text() + rig.middle().log(), e);
        }
    }

    private static String dial(String name) {
        return "/dial sip:" + name + "@" + Topology.SERVER_ADDRESS;
    }

    private Phone phone(Namespace host, String name, String address, int port, String transport, String... more)
            throws IOException {
        Path home = rig.newDirectory(name);
        Files.writeString(home.resolve("config"), """
                poll_method epoll
                sip_listen %s:%d
                audio_source aufile,%s
                ausrc_srate 8000
                auplay_srate 8000
                ausrc_channels 1
                auplay_channels 1
                module_path %s
                module g711.so
                module aufile.so
                module_tmp account.so
                module_app menu.so
                """.formatted(address, port, speech, modules(Tools.find("baresip"), "baresip/modules")));
        // a phone whose registration succeeds while it calls tells no more of the call (baresip 1.0)
        int registersFor = more.length == 0 ? 60 : 0;
        Files.writeString(home.resolve("accounts"),
                "<sip:%s@%s;transport=%s>;regint=%d;answermode=auto;audio_codecs=pcmu%n".formatted(name,
                        Topology.SERVER_ADDRESS, transport, registersFor));
        Files.writeString(home.resolve("contacts"), "");
        List<String> command = new ArrayList<>(List.of(Tools.find("baresip"), "-f", home.toString()));
        command.addAll(List.of(more));
        Path log = rig.newDirectory("log").resolve(name);
        Phone phone = new Phone(host.start(command, log), log);
        phones.add(phone.process);
        awaitText(phone, "baresip is ready");
        return phone;
    }

    private void startRegistrar() throws IOException {
        String kamailio = Tools.find("kamailio");
        Path modules = modules(kamailio, "kamailio/modules");
        Path home = rig.newDirectory("registrar");
        Path file = Files.writeString(home.resolve("kamailio.cfg"), """
                #!KAMAILIO
                debug=2
                log_stderror=yes
                fork=no
                children=2
                listen=udp:%1$s:5060
                listen=tcp:%1$s:5060
                mpath="%2$s"
                loadmodule "sl.so"
                loadmodule "tm.so"
                loadmodule "rr.so"
                loadmodule "pv.so"
                loadmodule "usrloc.so"
                loadmodule "registrar.so"
                loadmodule "siputils.so"
                modparam("tm", "fr_timer", 3000)
                request_route {
                    if ($rm == "REGISTER") {
                        save("location");
                        exit;
                    }
                    if (has_totag()) {
                        loose_route();
                        t_relay();
                        exit;
                    }
                    if ($rm != "CANCEL") {
                        record_route();
                    }
                    if (!lookup("location")) {
                        sl_send_reply("404", "Not Found");
                        exit;
                    }
                    t_relay();
                }
                """.formatted(Topology.SERVER_ADDRESS, modules));
        rig.startServer(rig.server(), Topology.SERVER_ADDRESS, 5060, "env", "LD_LIBRARY_PATH=" + modules.getParent(),
                kamailio, "-f", file.toString(), "-DD", "-E", "-P", home.resolve("pid").toString(), "-Y",
                home.toString());
    }

    /** @return where a program's modules are, of this machine's architecture. */
    private static Path modules(String program, String name) throws IOException {
        Path lib = Path.of(program).toRealPath().getParent().resolveSibling("lib");
        try (Stream<Path> below = Files.list(lib)) {
            return Stream.concat(Stream.of(lib), below).map(d -> d.resolve(name)).filter(Files::isDirectory).findFirst()
                    .orElseThrow(() -> new AssertionError("no " + name + " below " + lib));
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
