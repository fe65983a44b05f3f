package org.sluice.mgmt.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine;

/** The version of this build, as Maven wrote it into the jar. */
public final class Version implements CommandLine.IVersionProvider {
    private static final String RESOURCE = "/META-INF/maven/org.sluice/sluice-mgmt/pom.properties";

    @Override
    public String[] getVersion() {
        return new String[]{"sluice " + number()};
    }

    /** @return such as 0.1.0; "development" when run from class files */
    public static String number() {
        try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "development");
        } catch (IOException e) {
            return "development";
        }
    }
}
