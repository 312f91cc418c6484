package io.hyper2kvm.manifest.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One VM to be moved.
 *
 * @param name unique in its manifest; safe as a file name
 * @param pipeline what is done with it
 * @param metadata the VM's own free object, copied into the report; a single VM's stands in {@link
 *     Manifest#metadata()}
 * @param ownNetworks the source's networks that the manifest names for this VM alone, and not for
 *     all of a batch
 */
public record VmSpec(
    String name, Pipeline pipeline, Map<String, Object> metadata, Set<String> ownNetworks) {

  public static final String NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
  private static final Pattern NAME = Pattern.compile(NAME_PATTERN);

  public VmSpec {
    requireName(name);
    Objects.requireNonNull(pipeline, "pipeline");
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    ownNetworks = Collections.unmodifiableSet(new LinkedHashSet<>(ownNetworks));
  }

  /** A VM for which no networks are named. */
  public VmSpec(String name, Pipeline pipeline, Map<String, Object> metadata) {
    this(name, pipeline, metadata, Set.of());
  }

  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static void requireName(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException("not a name: " + name);
    }
  }
}
