package io.hyper2kvm.stage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * The script for a guest's first boot, as LOAD read it: what is written into the guest is what was
 * checked and hashed, whatever becomes of the file.
 *
 * @param path as the manifest names it; absolute
 * @param text its content, one character for each byte
 * @param sha256 its SHA-256, in lower-case hexadecimal digits
 */
public record OperatorScript(Path path, String text, String sha256) implements StageResult {

  public OperatorScript {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(sha256, "sha256");
  }

  /** A script with this content. */
  public static OperatorScript of(Path path, byte[] content) {
    return new OperatorScript(
        path, new String(content, StandardCharsets.ISO_8859_1), Sha256.of(content));
  }

  /** The report has it in stage FIX, with what became of it. */
  @Override
  public Map<String, Object> json() {
    return Map.of();
  }
}
