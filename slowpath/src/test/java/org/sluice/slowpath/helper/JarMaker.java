package org.sluice.slowpath.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Compiles a helper from its source text and packs it into a jar, as people do who write their own. */
public record JarMaker(Path directory) {
    /** Expects a connection to the port of each line {@code LISTEN PORT} of the client. */
    public static final String RENDEZVOUS = """
            package people;
            import org.agrona.DirectBuffer;
            import org.sluice.helpers.spi.*;
            public final class Rendezvous implements Helper {
                public HelperSpec spec() {
                    return HelperSpec.tcp("rendezvous", 7000);
                }
                public HelperSession newSession(Control control) {
                    return new HelperSession() {
                        public int onBytes(Direction from, DirectBuffer b, int offset, int length) {
                            String text = b.getStringWithoutLengthAscii(offset, length);
                            if (from == Direction.ORIGINAL && text.startsWith("LISTEN ")) {
                                control.expect(from, Peer.ANYONE, Transport.TCP, new Endpoint(
                                        control.endpointOf(from).address(), Integer.parseInt(text.substring(7).strip())));
                            }
                            return length;
                        }
                    };
                }
            }
            """;

    /** @return a jar with that class of the package {@code people} as its helper. */
    public Path make(String name, String className, String source) throws IOException {
        return make(name, className, source, Map.of("org.sluice.helpers.spi.Helper", "people." + className), "1");
    }

    /**
     * @param services named in META-INF/services
     * @param version in the manifest
     */
    public Path make(String name, String className, String source, Map<String, String> services, String version)
            throws IOException {
        Path sources = Files.createDirectories(directory.resolve(name + ".src"));
        Path classes = Files.createDirectories(directory.resolve(name + ".classes"));
        Path file = sources.resolve(className + ".java");
        Files.writeString(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, "-cp", System.getProperty("surefire.test.class.path",
                System.getProperty("java.class.path")), "-d", classes.toString(), file.toString())).isZero();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Sluice-Helper-Version", version);
        Path jar = directory.resolve(name + ".jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest);
                var files = Files.walk(classes)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                entries.write(Files.readAllBytes(each));
            }
            for (Map.Entry<String, String> service : services.entrySet()) {
                entries.putNextEntry(new JarEntry("META-INF/services/" + service.getKey()));
                entries.write((service.getValue() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }
}
