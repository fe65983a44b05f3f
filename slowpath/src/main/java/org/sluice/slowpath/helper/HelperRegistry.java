package org.sluice.slowpath.helper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.NatHelper;
import org.sluice.slowpath.settings.HelperSettings;

/** Finds helpers through {@link ServiceLoader} and pairs their halves by name. */
public final class HelperRegistry {
    private final List<ActiveHelper> active = new ArrayList<>();

    /** @throws IllegalArgumentException when a helper that is asked for is not there */
    public HelperRegistry(List<HelperSettings> settings) {
        Map<String, Helper> helpers = new TreeMap<>();
        ServiceLoader.load(Helper.class).forEach(h -> helpers.put(h.spec().name(), h));
        Map<String, NatHelper> natHelpers = ServiceLoader.load(NatHelper.class).stream()
                .map(ServiceLoader.Provider::get)
                .collect(Collectors.toMap(NatHelper::name, h -> h));
        for (HelperSettings s : settings) {
            Helper helper = helpers.get(s.name());
            if (helper == null) {
                throw new IllegalArgumentException(
                        "there is no helper \"" + s.name() + "\"; known are " + String.join(", ", helpers.keySet()));
            }
            active.add(new ActiveHelper(helper, natHelpers.get(s.name()), s.ports(), s.options()));
        }
    }

    /** @return those of the configuration, which go on counting where those of the same name were. */
    List<ActiveHelper> active(List<ActiveHelper> before) {
        return active.stream().map(h -> before.stream().filter(b -> b.name().equals(h.name())).findFirst()
                .map(h::countingOn).orElse(h)).toList();
    }

    /** @return those of the configuration. */
    public List<ActiveHelper> active() {
        return active;
    }
}
