package org.sluice.mgmt.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.sluice.slowpath.view.Meter;

/**
 * The gateway's meters and the JVM's, written out for Prometheus. Meters that appear later are registered at the next scrape;
 * none is ever taken away. One scrape at a time.
 */
public final class GatewayMetrics implements AutoCloseable {
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Supplier<List<Meter>> meters;
    private final JvmGcMetrics gc = new JvmGcMetrics();
    /** Micrometer holds what a function counter reads only weakly: this map holds it for good. */
    private final Map<Id, Registered> registered = new HashMap<>();
    private final CounterNames names = new CounterNames();

    private record Id(String name, Meter.Kind kind, Map<String, String> labels) {}

    private record Registered(Meter source, io.micrometer.core.instrument.Meter target) {}

    /**
     * A scrape.
     *
     * @param contentType with the version of the format
     * @param text in that format
     */
    public record Scrape(String contentType, String text) {}

    /** @param meters asked at every scrape */
    public GatewayMetrics(Supplier<List<Meter>> meters) {
        this.meters = meters;
        gc.bindTo(registry);
        List.of(new JvmMemoryMetrics(), new JvmThreadMetrics(), new ClassLoaderMetrics(), new JvmInfoMetrics(),
                new ProcessorMetrics(), new UptimeMetrics(), new FileDescriptorMetrics())
                .forEach(b -> b.bindTo(registry));
    }

    /** @param accept header of the request: OpenMetrics when it asks for it, else the text format */
    public synchronized Scrape scrape(String accept) {
        List<Meter> all = meters.get();
        for (Meter meter : all) {
            if (meter.kind() == Meter.Kind.GAUGE && names.gauge(meter.name())) {
                renameCounters(meter.name());
            }
        }
        for (Meter meter : all) {
            registered.computeIfAbsent(new Id(meter.name(), meter.kind(), meter.labels()), id -> register(meter));
        }
        boolean openMetrics = accept.contains(OPEN_METRICS);
        String contentType = openMetrics
                ? OPEN_METRICS + "; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        return new Scrape(contentType, names.restore(registry.scrape(contentType), openMetrics));
    }

    /** A gauge has come for a name that only counters had. */
    private void renameCounters(String name) {
        registered.replaceAll((id, old) -> {
            if (id.kind() != Meter.Kind.COUNTER || !id.name().equals(name)) {
                return old;
            }
            registry.remove(old.target());
            return register(old.source());
        });
    }

    private Registered register(Meter meter) {
        Tags tags = Tags.of(meter.labels().entrySet().stream().map(e -> Tag.of(e.getKey(), e.getValue())).toList());
        return new Registered(meter, meter.kind() == Meter.Kind.COUNTER
                ? FunctionCounter
                        .builder(names.inRegistry(meter.name()), meter, m -> m.value().getAsDouble())
                        .description(meter.help()).tags(tags).register(registry)
                : Gauge.builder(meter.name(), meter, m -> m.value().getAsDouble()).description(meter.help()).tags(tags)
                        .strongReference(true).register(registry));
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
