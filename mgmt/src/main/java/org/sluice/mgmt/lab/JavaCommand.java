package org.sluice.mgmt.lab;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that start another Java process with this one's runtime and classes. */
public final class JavaCommand {
    /** An idle child of the lab should leave the processor to the gateway. */
    private static final List<String> SMALL = List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Xshare:auto");

    private JavaCommand() {}

    /** @return the command line for a small program of the lab. */
    public static List<String> program(Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(SMALL);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(arguments);
        return command;
    }

    /** @return the command line of this very process, its JVM options included, with other arguments. */
    public static List<String> again(List<String> arguments) {
        String main = System.getProperty("sun.java.command", "").split(" ", 2)[0];
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        if (main.endsWith(".jar")) {
            command.addAll(List.of("-jar", main));
        } else {
            // started as MODULE/CLASS, the class path may still hold what the class needs
            command.addAll(List.of("-cp", classPath(), main.substring(main.indexOf('/') + 1)));
        }
        command.addAll(arguments);
        return command;
    }

    /** @return a command line with this process's JVM options and classes and another main class. */
    public static List<String> alike(String main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", classPath(), main));
        command.addAll(arguments);
        return command;
    }

    /** @return this runtime's launcher. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** @return this process's classes; also under Surefire, which hides them in a manifest. */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
