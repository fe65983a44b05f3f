package org.sluice.mgmt;

import java.io.PrintWriter;
import java.util.List;
import java.util.ServiceLoader;
import org.sluice.mgmt.cli.CheckCommand;
import org.sluice.mgmt.cli.ExitStatus;
import org.sluice.mgmt.cli.ConfirmCommand;
import org.sluice.mgmt.cli.FlushCommand;
import org.sluice.mgmt.cli.FurtherCommand;
import org.sluice.mgmt.cli.HelperCommand;
import org.sluice.mgmt.cli.JournalCommand;
import org.sluice.mgmt.cli.ReloadCommand;
import org.sluice.mgmt.cli.RunCommand;
import org.sluice.mgmt.cli.ShowCommand;
import org.sluice.mgmt.cli.TraceCommand;
import org.sluice.mgmt.cli.Version;
import org.sluice.mgmt.cli.WatchCommand;
import org.sluice.mgmt.lab.LabCommand;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code sluice} command. Exit status: 0 done, 1 failed at run time, 2 wrong usage or configuration. */
@Command(name = "sluice", description = "A software router and NAT gateway.", mixinStandardHelpOptions = true, versionProvider = Version.class, synopsisSubcommandLabel = "COMMAND")
public final class Sluice implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Sluice() {}

    /** Runs a command and ends the process with its exit status. */
    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("run")) {
            Gateway.prepare();
        }
        System.exit(commandLine(args).execute(args));
    }

    /**
     * A gateway that was killed is waited for, so that {@code run} is not held up by what the other commands look like.
     *
     * @param args what is to be executed; without any, for all commands
     * @return the command line for that, new each time
     */
    public static CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(new Sluice());
        line.addSubcommand(new RunCommand());
        if (args.length == 0 || !line.getSubcommands().containsKey(args[0])) {
            addOthers(line);
        }
        return line.setParameterExceptionHandler(Sluice::wrongUsage).setExecutionExceptionHandler(Sluice::failed);
    }

    private static void addOthers(CommandLine line) {
        for (Object command : List.of(new CheckCommand(), new ShowCommand(), new FlushCommand(), new TraceCommand(),
                new WatchCommand(), new ReloadCommand(), new ConfirmCommand(), new HelperCommand(),
                new JournalCommand(), new LabCommand())) {
            line.addSubcommand(command);
        }
        ServiceLoader.load(FurtherCommand.class).forEach(line::addSubcommand);
        line.addSubcommand("completion", new GenerateCompletion());
        line.getSubcommands().get("completion").setCommandName("completion").getCommandSpec().usageMessage()
                .description("Prints a completion script for bash and zsh: source <(sluice completion)");
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int wrongUsage(CommandLine.ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("sluice: " + e.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("try: " + line.getCommandSpec().qualifiedName() + " --help");
        }
        err.flush();
        return ExitStatus.WRONG_USAGE;
    }

    private static int failed(Exception e, CommandLine line, CommandLine.ParseResult result) {
        String message = e.getMessage();
        line.getErr().println("sluice: " + (message == null ? e.toString() : message));
        line.getErr().flush();
        return ExitStatus.FAILED;
    }
}
