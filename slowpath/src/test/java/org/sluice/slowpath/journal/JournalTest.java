package org.sluice.slowpath.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was written down is there after a restart, and nothing else. */
class JournalTest {
    @TempDir
    private Path state;

    private List<Integer> flowsAfterRestart() {
        try (JournalRun next = new JournalRun(state)) {
            return next.image().flows().stream().map(Entry.Flow::id).sorted().toList();
        }
    }

    @Test
    void shouldBringBackWhatWasAliveAndNothingThatHadEnded() {
        try (JournalRun run = new JournalRun(state)) {
            run.log(new Entry.Interface(1, "outside"), Entries.mapping(3), Entries.mapping(4), Entries.flow(2),
                    Entries.flow(4), Entries.flow(6), Entries.session(2), Entries.session(4),
                    Entries.expectation(4000), Entries.expectation(4001), Entries.state(6, 3), Entries.end(4),
                    new Entry.MappingEnd(4), new Entry.ExpectationEnd(Entries.expectation(4001).key()));
        }
        try (JournalRun next = new JournalRun(state)) {
            Image image = next.image();
            assertThat(image.flows()).containsExactlyInAnyOrder(Entries.flow(2),
                    Entries.flow(6).in(Entries.state(6, 3)));
            assertThat(image.mappings()).containsExactly(Entries.mapping(3));
            assertThat(image.expectations()).containsExactly(Entries.expectation(4000));
            assertThat(image.sessions()).containsOnlyKeys(2);
            assertThat(image.interfaceName(1)).isEqualTo("outside");
            assertThat(image.isStopped()).isFalse();
        }
    }

    @Test
    void shouldLoseNothingThatWasHandedOverWhenTheProcessEndsBeforeItIsWritten() {
        new JournalRun(state).log(Entries.flow(2), Entries.flow(4)).write().log(Entries.end(2), Entries.flow(6))
                .abandon();
        assertThat(flowsAfterRestart()).containsExactly(4, 6);
        assertThat(flowsAfterRestart()).as("once more").containsExactly(4, 6);
    }

    @Test
    void shouldSurviveBeingKilledAgainBeforeAnythingIsWritten() {
        for (int i = 1; i <= 5; i++) {
            new JournalRun(state).log(Entries.flow(2 * i)).abandon();
        }
        assertThat(flowsAfterRestart()).containsExactly(2, 4, 6, 8, 10);
    }

    @Test
    void shouldForgetWhatASnapshotDoesNotName() {
        try (JournalRun run = new JournalRun(state)) {
            run.log(Entries.flow(2), Entries.flow(4)).snapshot(Entries.flow(4), Entries.flow(6)).log(Entries.flow(8));
        }
        assertThat(flowsAfterRestart()).containsExactly(4, 6, 8);
    }

    @Test
    void shouldGoByTheSnapshotBeforeWhenTheLastIsNotWhole() {
        try (JournalRun run = new JournalRun(state)) {
            run.snapshot(Entries.flow(2), Entries.flow(4));
            run.journal().beginSnapshot();
            run.log(Entries.flow(2), Entries.end(4), Entries.flow(8));
        }
        assertThat(flowsAfterRestart()).containsExactly(2, 8);
    }

    @Test
    void shouldWantASnapshotAtFirstAndAfterALoss() {
        try (JournalRun run = new JournalRun(state)) {
            assertThat(run.journal().wantsSnapshot()).isTrue();
            run.snapshot();
            assertThat(run.journal().wantsSnapshot()).isFalse();
            int id = 2;
            while (run.journal().lost() == 0) {
                run.log(Entries.flow(id));
                id += 2;
            }
            assertThat(run.journal().isSnapshotSpoiled()).isTrue();
            assertThat(run.journal().wantsSnapshot()).as("while the ring is full").isFalse();
            run.write();
            assertThat(run.journal().wantsSnapshot()).as("once there is room").isTrue();
            run.snapshot(Entries.flow(2));
        }
        assertThat(flowsAfterRestart()).containsExactly(2);
    }

    @Test
    void shouldStayWithinItsBoundOnDiskAndKeepWhatIsAlive() throws IOException {
        JournalSettings small = new JournalSettings(state, 8 << 20);
        try (JournalRun run = new JournalRun(small)) {
            run.snapshot(Entries.flow(2));
            for (int i = 0; i < 200_000; i++) {
                run.log(Entries.flow(4), Entries.end(4));
                if (i % 1000 == 0) {
                    run.write();
                    if (run.journal().wantsSnapshot()) {
                        run.snapshot(Entries.flow(2));
                    }
                }
            }
            run.write();
            assertThat(run.counted(JournalCounter.LOST)).isZero();
            assertThat(run.journal().lost()).isZero();
            assertThat(run.counted(JournalCounter.BYTES)).isGreaterThan(5 * small.maxBytes());
            assertThat(run.counted(JournalCounter.SNAPSHOTS)).isGreaterThan(10);
            run.keepHouse();
            assertThat(run.counted(JournalCounter.DISK_BYTES)).isPositive()
                    .isLessThan(small.maxBytes() + small.generationBytes() + (8 << 20));
        }
        assertThat(flowsAfterRestart()).containsExactly(2);
    }

    @Test
    void shouldGoOnCountingWhereTheLastRunEnded() {
        long last;
        try (JournalRun run = new JournalRun(state)) {
            run.log(Entries.flow(2), Entries.flow(4), new Entry.Stop());
        }
        try (JournalRun run = new JournalRun(state)) {
            last = run.image().lastSequence();
            assertThat(run.image().isStopped()).isTrue();
            run.log(Entries.flow(6));
        }
        try (JournalRun run = new JournalRun(state)) {
            assertThat(run.image().lastSequence()).isEqualTo(last + 1);
        }
    }

    @Test
    void shouldLetAStateFolderHaveOneGatewayOnly() {
        try (JournalRun run = new JournalRun(state)) {
            assertThat(JournalStore.open(new JournalSettings(state))).isNull();
            run.log(Entries.flow(2));
        }
        assertThat(flowsAfterRestart()).containsExactly(2);
    }

    @Test
    void shouldLeaveAFolderAloneThatIsNotItsOwn() throws IOException {
        Path journal = Files.createDirectories(state.resolve("journal"));
        Path theirs = Files.writeString(journal.resolve("letters"), "dear");
        assertThat(JournalStore.open(new JournalSettings(state))).isNull();
        assertThat(theirs).hasContent("dear");
        assertThat(journal.toFile().list()).containsExactly("letters");
    }

    @Test
    void shouldLeaveAJournalOfAnotherVersionAlone() throws IOException {
        new JournalRun(state).close();
        Path marker = state.resolve("journal/FORMAT");
        Files.writeString(marker, "sluice journal 9\n");
        assertThat(JournalStore.open(new JournalSettings(state))).isNull();
        assertThat(marker).hasContent("sluice journal 9");
    }

    @Test
    void shouldBeginAnewWhereItsFilesAreGone() throws IOException {
        JournalRun run = new JournalRun(state).snapshot(Entries.flow(2)).write();
        delete(state.resolve("journal"));
        run.keepHouse();
        assertThat(run.counted(JournalCounter.FAILURES)).isEqualTo(1);
        run.write();
        assertThat(run.counted(JournalCounter.UP)).isEqualTo(1);
        assertThat(run.journal().wantsSnapshot()).isTrue();
        run.snapshot(Entries.flow(2), Entries.flow(4)).write();
        assertThat(JournalStore.open(new JournalSettings(state))).as("another gateway's").isNull();
        run.close();
        assertThat(flowsAfterRestart()).containsExactly(2, 4);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void shouldDoWithoutAJournalWhereTheStateFolderIsAFile() throws IOException {
        Path file = Files.writeString(state.resolve("state"), "");
        assertThat(JournalStore.open(new JournalSettings(file))).isNull();
    }
}
