package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.sluice.mgmt.lab.TestData;

/**
 * What an FTP server serves: a file of 5 MB, a small one, and a directory that everybody may write to.
 *
 * @param root the server's topmost directory
 */
record FtpFiles(Path root) {
    static final String LARGE = "large.bin";
    static final String SMALL = "small.bin";
    static final String UPLOADS = "up";
    static final int LARGE_SIZE = 5_000_000;
    static final int SMALL_SIZE = 20_000;
    static final long SEED = 959;

    static FtpFiles in(Path root) throws IOException {
        Files.write(root.resolve(LARGE), TestData.bytes(LARGE_SIZE, SEED));
        Files.write(root.resolve(SMALL), TestData.bytes(SMALL_SIZE, SEED));
        Path uploads = Files.createDirectory(root.resolve(UPLOADS));
        Files.setPosixFilePermissions(uploads, PosixFilePermissions.fromString("rwxrwxrwx"));
        return new FtpFiles(root);
    }

    /** @return digest of what was uploaded under a name. */
    String uploaded(String name) throws IOException {
        return TestData.sha256(Files.readAllBytes(root.resolve(UPLOADS).resolve(name)));
    }

    /** @return digest of a file that is served. */
    String digest(String name) throws IOException {
        return TestData.sha256(Files.readAllBytes(root.resolve(name)));
    }
}
