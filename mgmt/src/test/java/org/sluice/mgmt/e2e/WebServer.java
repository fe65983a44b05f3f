package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.mgmt.lab.Namespace;

/** nginx. */
final class WebServer {
    private static final int PORT = 80;

    private WebServer() {}

    /** Starts it on an address of either family and waits until it listens. @param page the name of what it serves */
    static void start(Rig rig, Namespace host, String address, String page, byte[] content) throws IOException {
        rig.startServer(host, address, PORT, command(rig.newDirectory("nginx"), address, page, content));
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
