package org.sluice.mgmt.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import picocli.CommandLine;

/** A time as people write it: 2026-11-23T20:15:00Z, with an offset such as +01:00, or without one in this machine's time zone. */
final class Moment implements CommandLine.ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
        String written = text.strip().replace(' ', 'T');
        try {
            return written.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$") && written.contains("T")
                    ? OffsetDateTime.parse(written).toInstant()
                    : LocalDateTime.parse(written).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException e) {
            throw new CommandLine.TypeConversionException(
                    "\"" + text + "\" is not a time; write for example 2026-11-23T20:15:00Z");
        }
    }
}
