package org.sluice.mgmt.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down the classes of this process as they lie in memory, for the JVM's class data sharing (JEP 310, 350): with them the next start takes two
 * thirds of the processor's time. What starts the gateway says in the system property {@value #PROPERTY} which file is wanted, and nothing where
 * there is one already ({@code packaging/bin/start.sh}).
 */
final class ClassArchive {
    static final String PROPERTY = "sluice.archive";
    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

    private ClassArchive() {}

    /** At the end of a gateway that ran: all that a start needs is loaded then, and nobody waits. Whatever goes wrong is of no importance. */
    static void writeIfWanted() {
        String file = System.getProperty(PROPERTY);
        if (file != null) {
            try {
                write(Path.of(file));
            } catch (JMException | IOException e) {
                LOG.debug("{} was not written", file, e);
            }
        }
    }

    private static void write(Path file) throws JMException, IOException {
        // another gateway may end at the same time
        Path own = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
        ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmCds",
                new Object[]{new String[]{"dynamic_dump", own.toString()}}, new String[]{String[].class.getName()});
        if (Files.exists(own)) {
            Files.move(own, file, StandardCopyOption.ATOMIC_MOVE);
            removeOlder(file);
        }
    }

    /** Those of other versions, and what was not finished. */
    private static void removeOlder(Path file) throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(file.getParent(), "classes-*.jsa*")) {
            for (Path archive : archives) {
                if (!archive.equals(file)) {
                    Files.delete(archive);
                }
            }
        }
    }
}
