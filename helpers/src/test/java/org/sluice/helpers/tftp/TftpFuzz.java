package org.sluice.helpers.tftp;

import static org.sluice.helpers.fuzz.Conversation.seed;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.helpers.fuzz.HelperFuzz;

class TftpFuzz {

    static Stream<byte[]> seeds() {
        return Stream.of(seed("C:\0\u0001boot.img\0octet\0", "S:\0\u0003\0\u0001x"),
                seed("C:\0\u0002up\0netascii\0blksize\0001428\0tsize\0000\0", "C:\0\u0001boot.img\0octet\0"));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void shouldSurviveAnything(byte[] input) {
        HelperFuzz.run(new TftpHelper(), null, input);
    }
}
