package io.hyper2kvm.daemon.hooks;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** One hook; shipped routes send to it. */
final class HookEndpoint extends DefaultEndpoint {

  private final HookComponent component;
  private final HookName hook;

  HookEndpoint(String uri, HookComponent component, HookName hook) {
    super(uri, component);
    this.component = component;
    this.hook = hook;
  }

  @Override
  public Producer createProducer() {
    return new HookProducer(this, component, hook);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException(
        "the route of the hook begins with " + hook.source() + ", not with hook:" + hook.text());
  }
}
