package io.hyper2kvm.daemon.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that passed the checks of its host and its token.
 *
 * @param parameters the variable parts of the path, decoded
 * @param query the first value of each query parameter, decoded
 * @param ifNoneMatch the entity tags that the client has
 * @param contentType of the body, in lower case and without parameters
 * @param body empty for a request without one
 */
record WebRequest(
    Map<String, String> parameters,
    Map<String, String> query,
    List<String> ifNoneMatch,
    Optional<String> contentType,
    byte[] body) {

  WebRequest {
    parameters = Map.copyOf(parameters);
    query = Map.copyOf(query);
    ifNoneMatch = List.copyOf(ifNoneMatch);
  }

  /** A part of the path that the operation's template names. */
  String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the template has no " + name);
    }
    return value;
  }

  /** A query parameter; empty when it was not given or is blank. */
  Optional<String> queryText(String name) {
    return Optional.ofNullable(query.get(name)).filter(text -> !text.isBlank());
  }
}
