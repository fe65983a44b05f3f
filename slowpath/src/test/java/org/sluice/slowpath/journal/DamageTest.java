package org.sluice.slowpath.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.slowpath.Seeds;

/** Damage to the files costs the records that were there, and never the start. */
class DamageTest {
    private static final int FLOWS = 400;
    private static final int ROUNDS = 60;
    /** The length of a record of a flow with the document's header, roughly. */
    private static final int RECORD = 230;

    @TempDir
    private Path state;
    private Path file;
    private byte[] intact;
    private int end;

    static LongStream seeds() {
        return Seeds.some();
    }

    @BeforeEach
    void writeFlows() throws IOException {
        try (JournalRun run = new JournalRun(state)) {
            run.snapshot();
            for (int id = 2; id <= 2 * FLOWS; id += 2) {
                run.log(Entries.flow(id));
            }
            run.log(new Entry.Stop());
        }
        file = files().getFirst();
        intact = Files.readAllBytes(file);
        end = intact.length;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(state)) {
            return found.filter(f -> f.toString().endsWith(".cq4")).sorted().toList();
        }
    }

    /** @return flows by id that the reader finds. */
    private Map<Integer, Entry.Flow> read() throws IOException {
        try (JournalFolder folder = JournalFolder.look(state)) {
            ImageReader reader = new ImageReader();
            reader.read(folder, List.of());
            damages = reader.damages();
            Map<Integer, Entry.Flow> flows = new HashMap<>();
            reader.image().flows().forEach(f -> flows.put(f.id(), f));
            return flows;
        }
    }

    private int damages;

    private static Set<Integer> ids(int from, int to) {
        Set<Integer> ids = new TreeSet<>();
        for (int i = from; i <= to; i++) {
            ids.add(2 * i);
        }
        return ids;
    }

    private static void assertTrue(Map<Integer, Entry.Flow> flows) {
        flows.forEach((id, flow) -> assertThat(flow).isEqualTo(Entries.flow(id)));
    }

    @Test
    void shouldReadAllOfAnIntactFile() throws IOException {
        assertThat(read()).containsOnlyKeys(ids(1, FLOWS));
        assertThat(damages).isZero();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldLoseOnlyWhatStoodBehindTheEndOfATornFile(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            int cut = random.nextInt(10 * RECORD);
            Files.write(file, Arrays.copyOf(intact, end - cut));
            Map<Integer, Entry.Flow> flows = read();
            assertTrue(flows);
            assertThat(flows.keySet()).as("%d bytes cut off", cut)
                    .containsAll(ids(1, FLOWS - cut / (RECORD - 40) - 1));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldLoseOnlyWhatWasZeroed(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            int length = 1 + random.nextInt(4096);
            int from = end - random.nextInt(length, 8192);
            byte[] zeroed = intact.clone();
            Arrays.fill(zeroed, from, from + length, (byte) 0);
            Files.write(file, zeroed);
            Map<Integer, Entry.Flow> flows = read();
            assertTrue(flows);
            assertThat(flows.size()).as("%d bytes zeroed", length)
                    .isGreaterThanOrEqualTo(FLOWS - length / (RECORD - 40) - 2);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldLoseOnlyTheRecordsInWhichBitsHaveChanged(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            int flips = 1 + random.nextInt(4);
            byte[] flipped = intact.clone();
            for (int flip = 0; flip < flips; flip++) {
                flipped[end - 1 - random.nextInt(FLOWS * (RECORD - 40))] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, flipped);
            Map<Integer, Entry.Flow> flows = read();
            assertTrue(flows);
            assertThat(flows.size()).as("%d bits flipped", flips).isGreaterThanOrEqualTo(FLOWS - flips);
        }
    }

    /** As when the process is killed while the writer writes; the ring has that record, too. */
    @Test
    void shouldNotTakeAnUnfinishedRecordForDamage() throws IOException {
        UnsafeBuffer b = new UnsafeBuffer(Arrays.copyOf(intact, end + RECORD));
        b.putInt(end, 1 << 31 | 200);
        b.putInt(end + 4, 0x1234_5678);
        Files.write(file, b.byteArray());
        assertThat(read()).containsOnlyKeys(ids(1, FLOWS));
        assertThat(damages).isZero();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldBringSenseOutOfNoise(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] noise = intact.clone();
        byte[] tail = new byte[end / 3];
        random.nextBytes(tail);
        System.arraycopy(tail, 0, noise, end - tail.length, tail.length);
        Files.write(file, noise);
        assertTrue(read());
        assertThat(damages).isPositive();
    }

    @Test
    void shouldTellOfDamageAndGoOn() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[]{0x55}), end - 3 * RECORD);
        }
        try (JournalRun next = new JournalRun(state)) {
            assertThat(next.image().flows()).hasSizeBetween(FLOWS - 1, FLOWS);
            next.snapshot(next.image().flows().toArray(Entry[]::new));
        }
        assertThat(read()).hasSizeBetween(FLOWS - 1, FLOWS);
        assertThat(damages).as("what was damaged is not needed any more").isZero();
    }

    @Test
    void shouldPassOverRecordsOfAnotherVersion() throws IOException {
        byte[] changed = intact.clone();
        int records = 0;
        for (int at = 0; at + RecordLayout.HEADER < end; at += 4) {
            UnsafeBuffer b = new UnsafeBuffer(changed, at, end - at);
            if (RecordLayout.isMarked(b, 0) && RecordLayout.kind(b, 0) == Entry.Kind.FLOW.ordinal()
                    && records++ % 2 == 0) {
                int length = RecordLayout.length(b, 0);
                byte[] record = new byte[length];
                b.getBytes(0, record);
                record[2] = 9;
                RecordLayout.seal(new UnsafeBuffer(record), length);
                b.putBytes(0, record);
            }
        }
        Files.write(file, changed);
        assertThat(read()).hasSize(FLOWS / 2);
        assertThat(damages).isZero();
    }

    @Test
    void shouldStartWithAFileThatIsEmptyOrAFolder() throws IOException {
        Files.write(file, new byte[0]);
        Files.createDirectory(file.resolveSibling("other.cq4"));
        try (JournalRun next = new JournalRun(state)) {
            assertThat(next.image().flows()).isEmpty();
            next.log(Entries.flow(2));
        }
        assertThat(read()).containsOnlyKeys(2);
    }
}
