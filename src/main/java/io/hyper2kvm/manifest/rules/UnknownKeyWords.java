package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import io.hyper2kvm.manifest.parse.Shown;
import io.hyper2kvm.text.NearestWord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says which key does not belong where it stands or is missing, and what was probably meant. */
public final class UnknownKeyWords {

  private static final String VERSION = "Write \"version\": \"1.0\".";

  /** Keys of manifests for other programs, and what takes their place here. */
  private static final Map<String, String> OLDER_KEYS =
      Map.of(
          "manifest_version",
          VERSION,
          "batch_version",
          "Write \"version\": \"1.0\" and \"batch\": true.",
          "hypervisor",
          "Remove it; what the source is, \"source_type\" in \"pipeline\": \"load\" says.");

  private final ManifestSchema schema;

  public UnknownKeyWords(ManifestSchema schema) {
    this.schema = schema;
  }

  void report(Node object, String key, List<String> allowed, Problems problems) {
    String older = OLDER_KEYS.get(key);
    String message =
        older == null
            ? "unknown key %s; allowed here: %s"
                .formatted(Shown.quoted(key), String.join(", ", allowed))
            : "the key %s is not read any more".formatted(Shown.quoted(key));
    problems.add(
        object.pointer(key),
        object.fields().get(key).keyAt(),
        Shown.quoted(key),
        message,
        older == null ? meant(key, allowed) : Optional.of(older));
  }

  void reportMissing(Node object, String key, Problems problems) {
    boolean olderStandsThere =
        key.equals("version")
            && (object.field("manifest_version").isPresent()
                || object.field("batch_version").isPresent());
    // An older or a misspelt key has a problem of its own, which says what to write.
    if (!olderStandsThere && !isMisspelt(object, key)) {
      problems.add(
          object.pointer(key),
          object.at(),
          "",
          "the key %s is missing".formatted(Shown.quoted(key)),
          key.equals("version") ? Optional.of(VERSION) : Optional.empty());
    }
  }

  /** Whether an unknown key of the object was probably meant to be the one that is missing. */
  boolean isMisspelt(Node object, String missing) {
    return object.fields().keySet().stream()
        .filter(key -> !schema.keys().contains(key))
        .anyMatch(key -> NearestWord.among(List.of(missing), key).isPresent());
  }

  private Optional<String> meant(String key, List<String> allowed) {
    Optional<String> near = NearestWord.among(allowed, key);
    if (near.isPresent()) {
      return near.map("Did you mean \"%s\"?"::formatted);
    }
    if (key.startsWith("X-") || key.startsWith("x_")) {
      return Optional.of("A key of your own begins with \"x-\".");
    }
    return schema.placeOf(key).map("Its place is %s."::formatted);
  }
}
