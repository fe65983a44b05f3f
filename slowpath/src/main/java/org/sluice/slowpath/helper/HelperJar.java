package org.sluice.slowpath.helper;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.NatHelper;

/**
 * A helper that came in a jar of its own, behind a {@link Fence}. Any thread may open one; it is used by the conductor.
 *
 * @param helper conntrack half
 * @param nat NAT half, or null
 */
record HelperJar(FencedHelper helper, NatHelper nat) {
    private static final String NAME = "[a-z0-9]{1,32}";

    /**
     * @param name that it is to have, or null for the one it gives itself
     * @throws IllegalArgumentException with what is wrong and what would be right
     */
    static HelperJar open(Path file, String name) {
        checkManifest(file);
        try {
            FencedLoader loader = new FencedLoader(file);
            Helper found = only(loader, Helper.class);
            if (found == null) {
                throw new IllegalArgumentException("it holds no helper: META-INF/services/" + Helper.class.getName()
                        + " has to name one");
            }
            FencedHelper helper = new FencedHelper(found);
            checkSpec(helper, name);
            NatHelper foundNat = only(loader, NatHelper.class);
            NatHelper nat = foundNat == null ? null : helper.fence(foundNat);
            if (nat != null && !helper.spec().name().equals(nat.name())) {
                throw new IllegalArgumentException("the NAT half calls itself \"" + nat.name()
                        + "\", the other half \"" + helper.spec().name() + "\"");
            }
            return new HelperJar(helper, nat);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " can't be read: " + e.getMessage(), e);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw new IllegalArgumentException(file + ": the helper in it fails when it is made: " + e, e);
        }
    }

    private static void checkSpec(FencedHelper helper, String name) {
        if (helper.problem() != null) {
            throw new IllegalArgumentException(helper.problem());
        }
        HelperSpec spec = helper.spec();
        if (spec == null || spec.name() == null || !spec.name().matches(NAME)) {
            throw new IllegalArgumentException("the helper's name has to be lower case letters and digits, 32 at most");
        }
        if (helper.transports() == null || helper.transports().isEmpty()) {
            throw new IllegalArgumentException("the helper names no transport of its control connections");
        }
        if (name != null && !name.equals(spec.name())) {
            throw new IllegalArgumentException("it holds the helper \"" + spec.name() + "\", not \"" + name + "\"");
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

    /** @return the jar's only provider of a service, made; null when it has none. */
    private static <T> T only(FencedLoader loader, Class<T> service) {
        List<String> names = loader.providers(service);
        if (names.size() > 1) {
            throw new IllegalArgumentException(
                    "it holds several of " + service.getSimpleName() + "; one is expected");
        }
        if (names.isEmpty()) {
            return null;
        }
        Budget.begin();
        try {
            Class<?> type = loader.loadClass(names.getFirst());
            if (type.getClassLoader() != loader) {
                return null;
            }
            return service.cast(type.getDeclaredConstructor().newInstance());
        } catch (ClassCastException e) {
            throw new IllegalArgumentException(names.getFirst() + " is no " + service.getSimpleName(), e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("making " + names.getFirst() + " fails: " + e.getCause(), e);
        } catch (Budget.ExhaustedError | OutOfMemoryError e) {
            throw new IllegalArgumentException("making " + names.getFirst() + " takes " + e.getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(names.getFirst()
                    + ", which META-INF/services names, has to be a public class of the jar with a constructor"
                    + " without parameters: " + e, e);
        } finally {
            Budget.end();
        }
    }
}
