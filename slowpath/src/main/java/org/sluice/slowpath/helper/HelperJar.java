package org.sluice.slowpath.helper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.NatHelper;

/**
 * A helper that came in a jar of its own. Its classes see the SPI, Agrona's buffers and the Java platform, and nothing else of the
 * gateway; two jars do not see each other. Any thread may open one; it is used by the conductor.
 *
 * @param helper conntrack half
 * @param nat NAT half, or null
 * @param loader of both
 */
record HelperJar(Helper helper, NatHelper nat, URLClassLoader loader) implements AutoCloseable {
    private static final List<String> SHARED = List.of("org.sluice.helpers.spi.", "org.sluice.helpers.text.",
            "org.agrona.");
    private static final String NAME = "[a-z0-9]{1,32}";

    /**
     * @param name that it is to have, or null for the one it gives itself
     * @throws IllegalArgumentException with what is wrong and what would be right
     */
    static HelperJar open(Path file, String name) {
        checkManifest(file);
        URLClassLoader loader = new URLClassLoader(new URL[]{url(file)}, new SharedClasses());
        try {
            Helper helper = only(file, loader, Helper.class);
            if (helper == null) {
                throw new IllegalArgumentException(
                        file + " holds no helper: META-INF/services/" + Helper.class.getName()
                                + " has to name one");
            }
            HelperSpec spec = helper.spec();
            if (spec == null || spec.name() == null || !spec.name().matches(NAME)) {
                throw new IllegalArgumentException(
                        file + ": the helper's name has to be lower case letters and digits, 32 at most");
            }
            if (name != null && !name.equals(spec.name())) {
                throw new IllegalArgumentException(
                        file + " holds the helper \"" + spec.name() + "\", not \"" + name + "\"");
            }
            NatHelper nat = only(file, loader, NatHelper.class);
            if (nat != null && !spec.name().equals(nat.name())) {
                throw new IllegalArgumentException(file + ": the NAT half calls itself \"" + nat.name()
                        + "\", the other half \"" + spec.name() + "\"");
            }
            return new HelperJar(helper, nat, loader);
        } catch (IllegalArgumentException e) {
            close(loader);
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            close(loader);
            throw new IllegalArgumentException(file + ": the helper in it fails when it is made: " + e, e);
        }
    }

    private static void checkManifest(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no file " + file);
        }
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            String wanted = manifest == null
                    ? null
                    : manifest.getMainAttributes().getValue(HelperSpec.VERSION_ATTRIBUTE);
            if (wanted != null && !wanted.equals(HelperSpec.VERSION)) {
                throw new IllegalArgumentException(
                        "%s was made for version %s of the helper interfaces; here is version %s"
                                .formatted(file, wanted, HelperSpec.VERSION));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " can't be read as a jar: " + e.getMessage(), e);
        }
    }

    private static <T> T only(Path file, ClassLoader loader, Class<T> type) {
        try {
            List<T> found = ServiceLoader.load(type, loader).stream()
                    .filter(p -> loader.equals(p.type().getClassLoader())).map(ServiceLoader.Provider::get).toList();
            if (found.size() > 1) {
                throw new IllegalArgumentException(
                        file + " holds several of " + type.getSimpleName() + "; one is expected");
            }
            return found.isEmpty() ? null : found.getFirst();
        } catch (ServiceConfigurationError e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing more is loaded from the jar; its file may be deleted or replaced. */
    @Override
    public void close() {
        close(loader);
    }

    private static void close(URLClassLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            // the file stays open until the process ends
        }
    }

    /** What the gateway shares with helpers. */
    private static final class SharedClasses extends ClassLoader {
        SharedClasses() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (SHARED.stream().anyMatch(name::startsWith)) {
                return HelperJar.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name + " is not shared with helpers");
        }
    }
}
