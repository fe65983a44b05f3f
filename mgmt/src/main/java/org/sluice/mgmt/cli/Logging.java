package org.sluice.mgmt.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import org.sluice.mgmt.config.Config;

/** Sets the log up as the configuration says. It goes to standard error; what keeps it (systemd, a container) adds its own time. */
final class Logging {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n";

    private static final String POLICY = "policy";

    private Logging() {}

    static void apply(Config.Log log) {
        LoggerContext context = (LoggerContext) org.slf4j.LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, log.json()));
        appender.start();
        root.addAppender(appender);
        writeAside(context.getLogger(POLICY), appender);
        root.setLevel(Level.toLevel(log.level(), Level.INFO));
        context.getLogger("io.netty").setLevel(Level.WARN);
        context.getLogger("net.openhft").setLevel(Level.ERROR);
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

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, boolean json) {
        EncoderBase<ILoggingEvent> encoder;
        if (json) {
            JsonEncoder jsonEncoder = new JsonEncoder();
            jsonEncoder.setWithContext(false);
            jsonEncoder.setWithSequenceNumber(false);
            jsonEncoder.setWithNanoseconds(false);
            jsonEncoder.setWithFormattedMessage(true);
            jsonEncoder.setWithMessage(false);
            jsonEncoder.setWithArguments(false);
            encoder = jsonEncoder;
        } else {
            PatternLayoutEncoder pattern = new PatternLayoutEncoder();
            pattern.setPattern(PATTERN);
            encoder = pattern;
        }
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}
