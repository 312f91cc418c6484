package io.hyper2kvm.guest.windows;

import java.util.List;
import java.util.Objects;

/**
 * What a reading says of one kind of hardware.
 *
 * @param defects what keeps it from being proved that Windows drives it; empty when it is proved
 * @param proof where the driver was seen; empty when there are defects
 */
public record DriverVerdict(List<String> defects, String proof) {

  public DriverVerdict {
    defects = List.copyOf(defects);
    Objects.requireNonNull(proof, "proof");
    if (defects.isEmpty() == proof.isEmpty()) {
      throw new IllegalArgumentException("a verdict has either a proof or defects");
    }
  }

  static DriverVerdict of(List<String> defects, String proof) {
    return new DriverVerdict(defects, defects.isEmpty() ? proof : "");
  }

  /** Whether Windows was seen to have the driver. */
  public boolean proven() {
    return defects.isEmpty();
  }

  /** The proof, or the defects, as one text. */
  public String reason() {
    return proven() ? proof : String.join("; ", defects);
  }
}
