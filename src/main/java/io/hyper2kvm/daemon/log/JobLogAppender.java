package io.hyper2kvm.daemon.log;

import java.io.Serializable;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** Hands each line with the mark of a manifest to that manifest's log, as the console has it. */
final class JobLogAppender extends AbstractAppender {

  private static final String NAME = "job-logs";

  private final JobLogs logs;

  private JobLogAppender(JobLogs logs, Layout<? extends Serializable> layout) {
    super(NAME, null, layout, true, Property.EMPTY_ARRAY);
    this.logs = logs;
  }

  /** Adds it to the appenders of the running configuration. */
  static void attach(JobLogs logs) {
    LoggerContext context = LoggerContext.getContext(false);
    Configuration configuration = context.getConfiguration();
    JobLogAppender appender = new JobLogAppender(logs, layout(configuration));
    appender.start();
    configuration.getRootLogger().addAppender(appender, null, null);
    context.updateLoggers();
  }

  /** The layout of the first appender that has one, so that an operator's own format holds. */
  private static Layout<? extends Serializable> layout(Configuration configuration) {
    for (Appender appender : configuration.getRootLogger().getAppenders().values()) {
      if (appender.getLayout() != null) {
        return appender.getLayout();
      }
    }
    return PatternLayout.createDefaultLayout();
  }

  /**
   * Removes it. It is not stopped, as it holds nothing: another thread may be handing a line to it,
   * and log4j prints an error about an appender that is stopped then.
   */
  static void detach(JobLogs logs) {
    LoggerContext context = LoggerContext.getContext(false);
    var root = context.getConfiguration().getRootLogger();
    if (root.getAppenders().get(NAME) instanceof JobLogAppender appender && appender.logs == logs) {
      root.removeAppender(NAME);
    }
  }

  @Override
  public void append(LogEvent event) {
    String job = event.getContextData().getValue(JobMarks.JOB);
    if (job != null) {
      logs.add(job, getLayout().toByteArray(event));
    }
  }
}
