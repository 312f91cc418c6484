package io.hyper2kvm.daemon.hooks;

import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Endpoint;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultComponent;

/**
 * The component {@code hook} of the shipped routes: {@code hook:before-publish} calls the route
 * that begins with {@code direct:before-publish}, if there is one.
 */
public final class HookComponent extends DefaultComponent {

  /** The exchange property with the span around the hook, as the header {@code traceparent}. */
  public static final String TRACE = "h2kTrace";

  private final Executor threads;
  private final BooleanSupplier stopping;
  private ProducerTemplate template;

  /**
   * A component.
   *
   * @param threads runs the hooks of manifests: a hook that waits must not delay the polls of the
   *     drop zone
   * @param stopping whether the daemon is being stopped
   */
  public HookComponent(Executor threads, BooleanSupplier stopping) {
    this.threads = threads;
    this.stopping = stopping;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
    HookName hook =
        HookName.of(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no hook %s; there are %s"
                            .formatted(
                                name,
                                Stream.of(HookName.values())
                                    .map(HookName::text)
                                    .collect(Collectors.joining(", ")))));
    return new HookEndpoint(uri, this, hook);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    template = getCamelContext().createProducerTemplate();
  }

  @Override
  protected void doStop() throws Exception {
    if (template != null) {
      template.stop();
    }
    super.doStop();
  }

  ProducerTemplate template() {
    return template;
  }

  boolean stopping() {
    return stopping.getAsBoolean();
  }

  Executor threads() {
    return threads;
  }
}
