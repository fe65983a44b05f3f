package org.sluice.slowpath.helper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.NatHelper;
import org.sluice.slowpath.settings.HelperSettings;

/** Finds helpers, our own through {@link ServiceLoader} and others in their jars, and pairs their halves by name. */
public final class HelperRegistry {
    private final List<ActiveHelper> active = new ArrayList<>();

    /**
     * Reads files; not for the conductor.
     *
     * @throws IllegalArgumentException when a helper that is asked for is not there or can't be used
     */
    public HelperRegistry(List<HelperSettings> settings) {
        settings.forEach(s -> active.add(find(s)));
    }

    /**
     * Reads files; not for the conductor.
     *
     * @throws IllegalArgumentException when it is not there or can't be used
     */
    public static ActiveHelper find(HelperSettings settings) {
        if (settings.jar() != null) {
            HelperJar jar = HelperJar.open(Path.of(settings.jar()), settings.name());
            return new ActiveHelper(jar.helper(), jar.nat(), settings.ports(), settings.options(), jar);
        }
        Map<String, Helper> helpers = new TreeMap<>();
        ServiceLoader.load(Helper.class).forEach(h -> helpers.put(h.spec().name(), h));
        Helper helper = helpers.get(settings.name());
        if (helper == null) {
            throw new IllegalArgumentException("there is no helper \"" + settings.name() + "\"; known are "
                    + String.join(", ", helpers.keySet()));
        }
        Map<String, NatHelper> natHelpers = ServiceLoader.load(NatHelper.class).stream()
                .map(ServiceLoader.Provider::get).collect(Collectors.toMap(NatHelper::name, h -> h));
        return new ActiveHelper(helper, natHelpers.get(settings.name()), settings.ports(), settings.options(), null);
    }

    /** @return those of the configuration. */
    public List<ActiveHelper> active() {
        return active;
    }
}
