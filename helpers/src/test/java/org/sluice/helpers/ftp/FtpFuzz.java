package org.sluice.helpers.ftp;

import static org.sluice.helpers.fuzz.Conversation.seed;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.helpers.fuzz.HelperFuzz;

class FtpFuzz {

    static Stream<byte[]> seeds() {
        return Stream.of(
                seed("S:220 hi\r\n", "C:USER u\r\n", "S:331 pw\r\n", "C:PORT 10,77,0,2,19,137\r\n", "S:200 ok\r\n"),
                seed("S:220 hi\r\n", "C:USER u\r\nEPRT |1|10.77.0.2|5001|\r\nNOOP\r\nPO", "C:RT 10,77,0,2,19,137\r\n"),
                seed("S:220-hi\r\n220 there\r\n", "C:USER u\r\nPASV\r\n",
                        "S:331 pw\r\n227-ok\r\n (198,51,100,2,19,137)\r\n227 end\r\n"),
                seed("S:220 hi\r\n", "C:USER u\r\nEPSV\r\n", "S:331 pw\r\n229 ok (|||5001|)\r\n", "C:EPSV ALL\r\n"),
                seed("S:220 hi\r\n", "C:AUTH TLS\r\n", "S:234 go\r\n", "C:\u0016\u0003\u0001CCC\r\n"),
                seed("S:220 hi\r\n", "C:AUTH TLS\r\n", "S:234 go\r\n",
                        "C:\u0016\u0003\u0001\0\5hello\u0015\u0003\3\0\2by",
                        "S:\u0016\u0003\u0003\0\5hello\u0015\u0003\3\0\2by",
                        "C:PORT 10,77,0,2,19,137\r\nPASV\r\n", "S:200 ok\r\n227 (198,51,100,2,19,137)\r\n"),
                seed("S:220 hi\r\n", "C:USER u\r\nEPSV ALL\r\nPORT 10, 77 ,0,2,19,137\nEPSV 1\r\n",
                        "S:331 pw\r\n500 no\r\n501 no\r\n229-a\r\n229 (!!!5001!)\r\n"),
                seed("S:220 hi\r\n", "C:AUTH TLS\r\n", "S:502 no\r\n", "C:USER u\r\n\u00ff\u00f4\u00ff\u00f2ABOR\r\n"));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void shouldSurviveAnything(byte[] input) {
        HelperFuzz.run(new FtpHelper(), new FtpNat(), input);
    }
}
