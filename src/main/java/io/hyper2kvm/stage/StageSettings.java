package io.hyper2kvm.stage;

import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.tool.ToolUser;
import io.hyper2kvm.tool.luks.LuksKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of this installation that the stages use.
 *
 * @param sourceRoots below which sources must really lie; empty means anywhere
 * @param scriptRoots below which scripts for the first boot must really lie; empty means nowhere
 * @param devices patterns of the block devices that may be sources
 * @param outputRoots below which outputs must really lie; at least one
 * @param applianceMemoryMib memory of an appliance, in MiB
 * @param convertThreads how many pieces of an image are copied at the same time, 1 to 16
 * @param kvm whether KVM works here
 * @param bootTestTimeout how long a boot may take before it counts as failed
 * @param bootTestMemoryMib memory of a boot test's guest, in MiB
 * @param toolEnvironment the whole environment of every tool
 * @param toolUser the user that the tools run as
 * @param luksKeys where the keys of encrypted guests are
 * @param signer signs outputs and reports; empty where none is configured
 */
public record StageSettings(
    List<Path> sourceRoots,
    List<Path> scriptRoots,
    List<Path> devices,
    List<Path> outputRoots,
    long applianceMemoryMib,
    int convertThreads,
    boolean kvm,
    Duration bootTestTimeout,
    long bootTestMemoryMib,
    Map<String, String> toolEnvironment,
    ToolUser toolUser,
    LuksKeys luksKeys,
    Optional<Signer> signer) {

  public StageSettings {
    sourceRoots = List.copyOf(sourceRoots);
    scriptRoots = List.copyOf(scriptRoots);
    devices = List.copyOf(devices);
    outputRoots = List.copyOf(outputRoots);
    Objects.requireNonNull(bootTestTimeout, "bootTestTimeout");
    toolEnvironment = Map.copyOf(toolEnvironment);
    Objects.requireNonNull(toolUser, "toolUser");
    Objects.requireNonNull(luksKeys, "luksKeys");
    Objects.requireNonNull(signer, "signer");
    if (outputRoots.isEmpty()) {
      throw new IllegalArgumentException("outputRoots is empty");
    }
    if (convertThreads < 1 || convertThreads > 16) {
      throw new IllegalArgumentException("convertThreads is not 1 to 16: " + convertThreads);
    }
  }
}
