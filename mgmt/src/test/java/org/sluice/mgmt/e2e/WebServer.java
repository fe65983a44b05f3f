package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.TestData;

/** nginx, and curl that asks it. */
final class WebServer {
    private static final int PORT = 80;

    private WebServer() {}

    /** Starts it on an address of either family and waits until it listens. @param page the name of what it serves */
    static void start(Rig rig, Namespace host, String address, String page, byte[] content) throws IOException {
        rig.startServer(host, address, PORT, command(rig.newDirectory("nginx"), address, page, content));
    }

    /**
     * Loads a page with curl.
     *
     * @param content that it must have
     * @param arguments the page's URL, and more of curl's if need be
     */
    static void assertLoads(Rig rig, Namespace client, byte[] content, String... arguments) throws IOException {
        Path got = rig.newDirectory("got").resolve("page");
        List<String> command = new ArrayList<>(
                List.of(Tools.find("curl"), "-sS", "-g", "--max-time", "30", "-o", got.toString()));
        command.addAll(List.of(arguments));
        rig.run(client, command.toArray(String[]::new));
        assertThat(TestData.sha256(Files.readAllBytes(got))).isEqualTo(TestData.sha256(content));
    }

    /** @param directory for its files, which must be readable by everybody. @return what starts it */
    static String[] command(Path directory, String address, String page, byte[] content) throws IOException {
        Files.write(directory.resolve(page), content);
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, """
                daemon off;
                user nobody nogroup;
                worker_processes 1;
                pid %1$s/pid;
                error_log %1$s/error.log;
                events {}
                http {
                    access_log off;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    server { listen %2$s:%3$d; root %1$s; }
                }
                """.formatted(directory, address.contains(":") ? "[" + address + "]" : address, PORT));
        return new String[]{Tools.find("nginx"), "-c", configuration.toString(), "-e",
                directory.resolve("start.log").toString()};
    }
}
