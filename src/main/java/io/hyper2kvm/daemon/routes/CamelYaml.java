package io.hyper2kvm.daemon.routes;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.dsl.yaml.common.YamlSupport;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** What Camel's YAML makes of an endpoint, and where it found a mistake. */
final class CamelYaml {

  private CamelYaml() {}

  /** The endpoint's URI with its parameters in it. */
  static String uri(CamelContext context, String uri, Map<String, Object> parameters) {
    return YamlSupport.createEndpointUri(context, null, uri, parameters);
  }

  /** The line that an error names, from 1; 0 if it names none. */
  static int line(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof MarkedYamlEngineException marked && marked.getProblemMark().isPresent()) {
        return marked.getProblemMark().get().getLine() + 1;
      }
    }
    return 0;
  }
}
