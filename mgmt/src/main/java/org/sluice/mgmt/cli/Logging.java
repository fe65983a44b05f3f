package org.sluice.mgmt.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.sluice.mgmt.config.Config;

/** Sets the log up as the configuration says. It goes to standard error; what keeps it (systemd, a container) adds its own time. */
public final class Logging {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n";
    private static final String EARLY_PATTERN = "%-5level %logger{0}: %msg%n";
    private static final String POLICY = "policy";

    private Logging() {}

    static void apply(Config.Log log) {
        LoggerContext context = (LoggerContext) org.slf4j.LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        Appender<ILoggingEvent> appender = toStandardError(context, encoder(log.json()));
        root.addAppender(appender);
        writeAside(context.getLogger(POLICY), appender);
        root.setLevel(Level.toLevel(log.level(), Level.INFO));
        context.getLogger("io.netty").setLevel(Level.WARN);
        context.getLogger("net.openhft").setLevel(Level.ERROR);
    }

    /**
     * Until a command has read its configuration: warnings and errors. Logback finds it by META-INF/services; in a file of
     * its own kind the same would cost each start some tenths of a second.
     */
    public static final class Early extends ContextAwareBase implements Configurator {
        @Override
        public ExecutionStatus configure(LoggerContext context) {
            Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            root.addAppender(toStandardError(context, text(EARLY_PATTERN)));
            root.setLevel(Level.WARN);
            return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
        }
    }

    private static Appender<ILoggingEvent> toStandardError(LoggerContext context, EncoderBase<ILoggingEvent> encoder) {
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    /** Rules that log do so on the conductor's thread, which must not wait for whoever reads the log. */
    private static void writeAside(Logger logger, Appender<ILoggingEvent> appender) {
        AsyncAppender aside = new AsyncAppender();
        aside.setContext(logger.getLoggerContext());
        aside.setNeverBlock(true);
        aside.setDiscardingThreshold(0);
        aside.addAppender(appender);
        aside.start();
        logger.detachAndStopAllAppenders();
        logger.setAdditive(false);
        logger.addAppender(aside);
    }

    private static EncoderBase<ILoggingEvent> encoder(boolean json) {
        if (!json) {
            return text(PATTERN);
        }
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        return encoder;
    }

    private static EncoderBase<ILoggingEvent> text(String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(pattern);
        return encoder;
    }
}
