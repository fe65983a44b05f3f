package org.sluice.mgmt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.mgmt.config.Config;
import org.sluice.mgmt.config.ConfigException;
import org.sluice.mgmt.config.ConfigLoader;
import org.sluice.mgmt.config.LiveConfig;
import org.sluice.mgmt.http.FakeView;
import org.sluice.mgmt.http.HttpServer;
import org.sluice.mgmt.http.ManagementApi;

/** A management server that speaks HTTPS, with a certificate of its own making. */
@Timeout(60)
class TlsTest {
    private static final char[] PASSWORD = "not a secret".toCharArray();

    @TempDir
    private Path directory;
    private final FakeView view = new FakeView();
    private ManagementApi api;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "sluice", "-keyalg", "EC", "-dname", "CN=sluice", "-ext", "san=ip:127.0.0.1",
                "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", new String(PASSWORD)).inheritIO()
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        pem("certificate", "CERTIFICATE", keys.getCertificate("sluice").getEncoded());
        pem("key", "PRIVATE KEY", keys.getKey("sluice", PASSWORD).getEncoded());
        Config config = config("key");
        api = new ManagementApi(view, new LiveConfig(Path.of("f.yaml"), config, view));
        server = HttpServer.start(config.management(), api.routes());
    }

    @AfterEach
    void stop() {
        server.close();
        api.close();
    }

    private void pem(String name, String kind, byte[] content) throws IOException {
        Files.writeString(directory.resolve(name), "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(content) + "\n-----END " + kind
                + "-----\n");
    }

    private Config config(String key) throws ConfigException {
        return ConfigLoader.parse("f.yaml", """
                interfaces: {inside: {device: in0, addresses: [10.77.0.1/24]}}
                management: {listen: "127.0.0.1:0", tls: {certificate: %s, key: %s}}
                """.formatted(directory.resolve("certificate"), directory.resolve(key))).config();
    }

    private String certificate() {
        return directory.resolve("certificate").toString();
    }

    @Test
    void shouldAnswerWhoeverTrustsItsCertificate() {
        assertThat(server.url()).startsWith("https://127.0.0.1:");
        Cli cli = Cli.sluice("show", "config", "--json", "--url", server.url(), "--ca", certificate());
        assertThat(cli.status()).as(cli.err()).isZero();
        assertThat(cli.out()).contains(certificate());
    }

    @Test
    void shouldNotBeTrustedByOthers() {
        Cli cli = Cli.sluice("show", "config", "--url", server.url());
        assertThat(cli.status()).isEqualTo(1);
        assertThat(cli.err()).startsWith("sluice: no secure connection to " + server.url()).contains("--ca");
    }

    @Test
    void shouldSayThatACertificateToTrustIsNone() {
        Cli missing = Cli.sluice("show", "config", "--url", server.url(), "--ca", certificate() + ".no");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err()).contains(certificate() + ".no can't be read");
        Cli key = Cli.sluice("show", "config", "--url", server.url(), "--ca", directory.resolve("key").toString());
        assertThat(key.status()).isEqualTo(1);
        assertThat(key.err()).contains("sluice: ").contains("key");
    }

    @Test
    void shouldNotSpeakPlainHttpThere() {
        Cli cli = Cli.sluice("show", "config", "--url", server.url().replace("https", "http"));
        assertThat(cli.status()).isEqualTo(1);
        assertThat(cli.err()).startsWith("sluice: the gateway at http://127.0.0.1:").endsWith("; it may want https\n")
                .doesNotContain("Exception");
    }

    /** Its own page changes it; one from elsewhere, also from the same host without TLS, does not. */
    @Test
    void shouldTakeChangesFromItsOwnPageOnly() throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(TrustedCertificates.context(certificate()))
                .build()) {
            for (String scheme : new String[]{"https", "http"}) {
                String origin = scheme + server.url().substring("https".length());
                HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/flows"))
                        .header("Origin", origin).method("DELETE", BodyPublishers.noBody()).build();
                assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                        .isEqualTo(scheme.equals("https") ? 200 : 403);
            }
        }
    }

    @Test
    void shouldSayWhatIsWrongWithItsFiles() throws ConfigException {
        Config.Management wrong = config("certificate").management();
        assertThatThrownBy(() -> HttpServer.start(wrong, api.routes())).isInstanceOf(IOException.class)
                .hasMessageContaining("can't use the certificate").hasMessageContaining("PKCS #8");
        Config.Management absent = config("absent").management();
        assertThatThrownBy(() -> HttpServer.start(absent, api.routes())).isInstanceOf(IOException.class)
                .hasMessageContaining("absent");
    }
}
