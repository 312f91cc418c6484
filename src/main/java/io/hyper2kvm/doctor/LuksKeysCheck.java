package io.hyper2kvm.doctor;

import io.hyper2kvm.config.ToolsConfig;
import io.hyper2kvm.tool.luks.LuksKey;
import io.hyper2kvm.tool.luks.LuksKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the keys of encrypted guests that the configuration names can be read. */
final class LuksKeysCheck implements Check {

  private static final String SUBJECT = "Encrypted guests";

  private final LuksKeys keys;

  LuksKeysCheck(ToolsConfig tools, Map<String, String> environment) {
    this.keys = LuksKeys.of(tools.luksKeys(), environment);
  }

  @Override
  public List<Finding> run(Host host) {
    List<Finding> findings = new ArrayList<>();
    for (LuksKey key : keys.keys()) {
      try {
        keys.read(key);
      } catch (IOException e) {
        findings.add(
            Finding.warn(
                SUBJECT,
                "%s cannot be used: %s".formatted(key.source(), e.getMessage()),
                "correct luks_keys or the file; of credentials and rights ask as the daemon does"));
      }
    }
    if (findings.isEmpty()) {
      int count = keys.keys().size();
      findings.add(
          Finding.ok(
              SUBJECT,
              count == 0 ? "no keys are configured" : "all %d keys can be read".formatted(count)));
    }
    return findings;
  }
}
