package org.sluice.mgmt.cli;

import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.slowpath.conntrack.EndReason;
import org.sluice.slowpath.conntrack.TcpState;
import org.sluice.slowpath.journal.Entry;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Ipv4Address;
import org.sluice.slowpath.view.Protocols;

/** A record of the journal as others read it: addresses and names in place of numbers, names in lower case with underscores. */
final class JournalView {
    private static final Pattern CAPITAL = Pattern.compile("([A-Z])");

    private JournalView() {}

    static Map<String, Object> of(Entry entry, long sequence, long time) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("time", Instant.ofEpochMilli(time).toString());
        view.put("sequence", sequence);
        view.put("record", entry.kind().name().toLowerCase(Locale.ROOT));
        switch (entry) {
            case Entry.Flow f -> flow(f, view);
            case Entry.FlowState s -> state(s, view);
            default -> fields(entry, view);
        }
        return view;
    }

    private static void flow(Entry.Flow f, Map<String, Object> view) {
        view.put("id", f.id());
        view.put("begun", Instant.ofEpochMilli(f.begun()).toString());
        view.put("proto", Protocols.name(FlowKey.protocol(f.ports())));
        view.put("source", f.source().toString());
        view.put("source_port", FlowKey.sourcePort(f.ports()));
        view.put("destination", f.destination().toString());
        view.put("destination_port", FlowKey.destinationPort(f.ports()));
        view.put("new_source", f.newSource().toString());
        view.put("new_source_port", FlowKey.sourcePort(f.newPorts()));
        view.put("new_destination", f.newDestination().toString());
        view.put("new_destination_port", FlowKey.destinationPort(f.newPorts()));
        view.put("mapping", f.mapping());
        view.put("destination_mapping", f.destinationMapping());
        view.put("parent", f.parent());
        view.put("state", tcp(f.state().tcp()));
    }

    private static void state(Entry.FlowState s, Map<String, Object> view) {
        view.put("id", s.id());
        view.put("state", tcp(s.tcp()));
        view.put("packets", s.original().packets());
        view.put("bytes", s.original().bytes());
        view.put("reply_packets", s.reply().packets());
        view.put("reply_bytes", s.reply().bytes());
    }

    private static String tcp(int state) {
        return state < TcpState.values().length ? TcpState.of(state).name().toLowerCase(Locale.ROOT) : null;
    }

    private static void fields(Object record, Map<String, Object> view) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(record);
                String name = CAPITAL.matcher(component.getName()).replaceAll("_$1").toLowerCase(Locale.ROOT);
                view.put(name, plain(name, value));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record's fields can be read", e);
            }
        }
    }

    private static Object plain(String name, Object value) {
        return switch (value) {
            case null -> null;
            case IpAddress address -> address.toString();
            case byte[] bytes -> HexFormat.of().formatHex(bytes);
            case Integer number when name.endsWith("_address") -> Ipv4Address.format(number);
            case Integer number when name.equals("protocol") -> Protocols.name(number);
            case Integer number when name.equals("reason") -> number < EndReason.values().length
                    ? EndReason.values()[number].label()
                    : number;
            case Long number when name.equals("deadline") -> Instant.ofEpochMilli(number).toString();
            case Record inner -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields(inner, fields);
                yield fields;
            }
            default -> value;
        };
    }
}
