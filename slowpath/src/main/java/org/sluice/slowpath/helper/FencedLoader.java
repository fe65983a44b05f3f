package org.sluice.slowpath.helper;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.constant.ClassDesc;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The classes of one helper's jar, fenced. They see the SPI, Agrona's buffers and the Java platform, and nothing else of the gateway;
 * two jars do not see each other. Everything is read at once, so that a jar that wants what it may not have is refused as a whole, and
 * its file may be deleted or replaced afterwards. Any thread may load.
 */
final class FencedLoader extends ClassLoader {
    private static final List<String> SHARED = List.of("org.sluice.helpers.spi.", "org.sluice.helpers.text.",
            "org.agrona.", Budget.class.getName());
    private static final String CLASS = ".class";
    private static final int MAX_ENTRIES = 4096;
    private static final long MAX_BYTES = 64L << 20;

    private final Map<String, byte[]> entries = new HashMap<>();
    private final Map<String, byte[]> classes = new HashMap<>();

    /**
     * @throws IOException when the file can't be read
     * @throws IllegalArgumentException when it is too large, or a class of it may not be used
     */
    FencedLoader(Path file) throws IOException {
        super(ClassLoader.getPlatformClassLoader());
        read(file);
        Fence fence = new Fence(this::open);
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            String name = entry.getKey();
            if (name.endsWith(CLASS) && !name.endsWith("module-info.class") && !name.startsWith("META-INF/")) {
                classes.put(name.substring(0, name.length() - CLASS.length()).replace('/', '.'),
                        fence.fence(entry.getValue()));
            }
        }
    }

    private void read(Path file) throws IOException {
        long left = MAX_BYTES;
        try (JarFile jar = new JarFile(file.toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (!entry.isDirectory()) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        byte[] bytes = in.readNBytes((int) left + 1);
                        left -= bytes.length;
                        entries.put(entry.getName(), bytes);
                    }
                }
                if (left < 0 || entries.size() > MAX_ENTRIES) {
                    throw new IllegalArgumentException(
                            "it is larger than %,d bytes or has more than %,d files".formatted(MAX_BYTES, MAX_ENTRIES));
                }
            }
        }
    }

    /** @return the bytes of a class that is here or shared, or null. */
    private InputStream open(ClassDesc type) {
        String name = type.packageName().isEmpty() ? type.displayName() : type.packageName() + "." + type.displayName();
        String resource = name.replace('.', '/') + CLASS;
        byte[] own = entries.get(resource);
        if (own != null) {
            return new ByteArrayInputStream(own);
        }
        return isShared(name) ? FencedLoader.class.getClassLoader().getResourceAsStream(resource) : null;
    }

    private static boolean isShared(String name) {
        return SHARED.stream().anyMatch(name::startsWith);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        if (bytes != null) {
            return defineClass(name, bytes, 0, bytes.length);
        }
        if (isShared(name)) {
            return FencedLoader.class.getClassLoader().loadClass(name);
        }
        throw new ClassNotFoundException(name + " is not in the jar, and not shared with helpers");
    }

    @Override
    public InputStream getResourceAsStream(String name) {
        byte[] bytes = entries.get(name);
        return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        // nothing of the jar has an address; its services are asked for by name
        return Collections.emptyEnumeration();
    }

    /** @return the classes that the jar names as its providers of a service. */
    List<String> providers(Class<?> service) {
        byte[] text = entries.get("META-INF/services/" + service.getName());
        return text == null
                ? List.of()
                : new String(text, java.nio.charset.StandardCharsets.UTF_8).lines()
                        .map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty()).toList();
    }
}
