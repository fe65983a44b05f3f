package org.sluice.perf.gen;

import java.nio.file.Path;
import java.time.Duration;
import org.sluice.perf.gen.load.Rate;

/**
 * A capture file to be sent again.
 *
 * @param file pcap or pcapng, of Ethernet
 * @param speed factor to the one it was captured at, where no rate is given
 * @param rate at which frames leave, whenever they were captured; null for their own times
 * @param loops how often, from 1
 * @param mac Ethernet address that all frames get as their destination, with the device's as their source; 0 to leave both as they are
 * @param duration after which it ends
 * @param count of frames after which it ends; 0 for no such end
 */
public record Replay(Path file, double speed, Rate rate, long loops, long mac, Duration duration, long count) {
    public Replay {
        if (!(speed > 0) || loops < 1 || count < 0) {
            throw new IllegalArgumentException("speed and loops have to be more than nothing");
        }
    }

    /** Once, at its own speed, as it is. */
    public static Replay of(Path file) {
        return new Replay(file, 1, null, 1, 0, Duration.ofDays(3_650), 0);
    }

    public Replay rate(Rate value) {
        return new Replay(file, speed, value, loops, mac, duration, count);
    }

    public Replay loops(long value) {
        return new Replay(file, speed, rate, value, mac, duration, count);
    }
}
