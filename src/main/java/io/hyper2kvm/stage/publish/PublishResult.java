package io.hyper2kvm.stage.publish;

import io.hyper2kvm.stage.StageResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The outputs that have their names now.
 *
 * @param outputs the VM's disks, in their order
 * @param domain the VM's description for its target beside them, such as its libvirt domain
 * @param signature the signed statement about them; empty when they are not signed
 */
public record PublishResult(List<Path> outputs, Optional<Path> domain, Optional<Path> signature)
    implements StageResult {

  public PublishResult {
    outputs = List.copyOf(outputs);
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(signature, "signature");
  }

  /** The report has no stage for it: the paths are among the VM's artifacts. */
  @Override
  public Map<String, Object> json() {
    return Map.of();
  }
}
