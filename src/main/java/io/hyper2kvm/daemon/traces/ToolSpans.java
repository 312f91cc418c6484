package io.hyper2kvm.daemon.traces;

import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import java.util.Locale;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecComponent;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.decorators.AbstractSpanDecorator;

/** The spans of tools, without their arguments; found by its service file. */
public final class ToolSpans extends AbstractSpanDecorator {

  private static final String TOOL = JobSpans.PREFIX + "tool";
  private static final String EXIT_CODE = JobSpans.PREFIX + "exit_code";
  private static final String FAILURE = JobSpans.PREFIX + "tool_failure";
  private static final String STDOUT_BYTES = JobSpans.PREFIX + "stdout_bytes";

  @Override
  public String getComponent() {
    return "exec";
  }

  @Override
  public String getComponentClassName() {
    return ExecComponent.class.getName();
  }

  @Override
  public String getOperationName(Exchange exchange, Endpoint endpoint) {
    return "tool " + stripSchemeAndOptions(endpoint);
  }

  @Override
  public void beforeTracingEvent(Span span, Exchange exchange, Endpoint endpoint) {
    super.beforeTracingEvent(span, exchange, endpoint);
    JobSpans.name(span, exchange);
    JobSpans.job(exchange)
        .flatMap(VmJob::stage)
        .ifPresent(stage -> span.setTag(JobSpans.STAGE, stage.text()));
    span.setTag(TOOL, stripSchemeAndOptions(endpoint));
  }

  @Override
  public void afterTracingEvent(Span span, Exchange exchange) {
    super.afterTracingEvent(span, exchange);
    for (Throwable cause = exchange.getException(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ToolFailedException failed) {
        span.setTag(FAILURE, failed.reason().name().toLowerCase(Locale.ROOT));
        failed.exitCode().ifPresent(code -> span.setTag(EXIT_CODE, String.valueOf(code)));
        return;
      }
    }
    if (exchange.getMessage().getBody() instanceof ToolResult result) {
      span.setTag(EXIT_CODE, String.valueOf(result.exitCode()));
      span.setTag(STDOUT_BYTES, String.valueOf(result.stdout().length));
    }
  }
}
