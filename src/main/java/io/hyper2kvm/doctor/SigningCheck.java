package io.hyper2kvm.doctor;

import io.hyper2kvm.config.value.SigningConfig;
import io.hyper2kvm.signature.KeyRefusedException;
import io.hyper2kvm.signature.SigningKey;
import io.hyper2kvm.signature.TrustedKey;
import io.hyper2kvm.tool.KnownTool;
import io.hyper2kvm.tool.Sha256Sum;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether outputs can be signed by the configured key, and the keys for verification be read. */
final class SigningCheck implements Check {

  private static final String SUBJECT = "Signatures";

  private final SigningConfig signing;

  SigningCheck(SigningConfig signing) {
    this.signing = signing;
  }

  @Override
  public List<Finding> run(Host host) {
    List<Finding> findings = new ArrayList<>();
    findings.add(signing.key().map(this::key).orElseGet(SigningCheck::none));
    if (signing.key().isPresent()
        && KnownTool.find(Sha256Sum.PROGRAM, host.toolEnvironment()).isEmpty()) {
      findings.add(
          Finding.fail(
              SUBJECT, "sha256sum is not there, which hashes outputs", "install coreutils"));
    }
    for (Path file : signing.verifyKeys()) {
      try {
        TrustedKey.read(file);
      } catch (KeyRefusedException e) {
        findings.add(
            Finding.fail(SUBJECT, "verify_keys %s: %s".formatted(file, e.reason()), e.advice()));
      }
    }
    return findings;
  }

  private Finding key(Path file) {
    try {
      SigningKey key = SigningKey.read(file);
      return Finding.ok(
          SUBJECT,
          "outputs and reports are signed, %s key %s".formatted(key.algorithm(), key.id()));
    } catch (KeyRefusedException e) {
      return Finding.fail(SUBJECT, "signing_key %s: %s".formatted(file, e.reason()), e.advice());
    }
  }

  private static Finding none() {
    return Finding.ok(SUBJECT, "no signing_key is configured: outputs are not signed");
  }
}
