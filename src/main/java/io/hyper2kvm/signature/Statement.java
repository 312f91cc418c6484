package io.hyper2kvm.signature;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An in-toto statement (version 1): what is said of some files.
 *
 * @param subjects the files; at least one, no name twice
 * @param predicateType says what the predicate is; a URI
 * @param predicate an object
 */
public record Statement(List<Subject> subjects, String predicateType, JsonNode predicate) {

  /** The predicate of SLSA that says how the files were made. */
  public static final String SLSA_PROVENANCE = "https://slsa.dev/provenance/v1";

  private static final String TYPE = "https://in-toto.io/Statement/v1";
  private static final int MOST_SUBJECTS = 1000;

  public Statement {
    subjects = List.copyOf(subjects);
    Objects.requireNonNull(predicateType, "predicateType");
    Objects.requireNonNull(predicate, "predicate");
    if (subjects.isEmpty()) {
      throw new IllegalArgumentException("a statement about nothing");
    }
  }

  /** A statement with a predicate of maps, lists, texts and numbers. */
  public static Statement of(
      List<Subject> subjects, String predicateType, Map<String, Object> predicate) {
    return new Statement(subjects, predicateType, StrictJson.tree(predicate));
  }

  /** What it says of a file; empty when it says nothing. */
  public Optional<Subject> subject(String name) {
    return subjects.stream().filter(subject -> subject.name().equals(name)).findFirst();
  }

  /** Its JSON. */
  public byte[] json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("_type", TYPE);
    json.put("subject", subjects.stream().map(Subject::json).toList());
    json.put("predicateType", predicateType);
    json.put("predicate", predicate);
    return StrictJson.bytes(json);
  }

  /**
   * Reads the statement in an envelope, whoever has signed that.
   *
   * @throws MalformedException when there is none
   */
  public static Statement in(Envelope envelope) throws MalformedException {
    if (!envelope.payloadType().equals(Envelope.IN_TOTO)) {
      throw new MalformedException("its payload is no in-toto statement");
    }
    JsonNode json = StrictJson.object(envelope.payload());
    if (!TYPE.equals(json.path("_type").textValue())) {
      throw new MalformedException("its payload is no in-toto statement of version 1");
    }
    JsonNode all = json.path("subject");
    if (!all.isArray() || all.isEmpty() || all.size() > MOST_SUBJECTS) {
      throw new MalformedException(
          "its statement has not 1 to %d subjects".formatted(MOST_SUBJECTS));
    }
    List<Subject> subjects = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode one : all) {
      Subject subject = Subject.parse(one);
      if (!names.add(subject.name())) {
        throw new MalformedException("its statement names a file twice");
      }
      subjects.add(subject);
    }
    if (!json.path("predicateType").isTextual() || !json.path("predicate").isObject()) {
      throw new MalformedException("its statement has no predicate");
    }
    return new Statement(subjects, json.path("predicateType").textValue(), json.path("predicate"));
  }
}
