package io.hyper2kvm.stage.inspect.windows;

import io.hyper2kvm.guest.windows.WindowsRelease;
import io.hyper2kvm.stage.StageResult;
import java.util.Map;
import java.util.Objects;

/**
 * The Windows that INSPECT found.
 *
 * @param device the file system that it is on, by the appliance's name
 * @param folder its folder there, such as {@code /Windows}
 * @param softwareHive the path of its software hive there, in the right case
 * @param systemHive the same of its system hive; empty when it has none
 * @param release which Windows it is
 */
public record FoundWindows(
    String device, String folder, String softwareHive, String systemHive, WindowsRelease release)
    implements StageResult {

  public FoundWindows {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(softwareHive, "softwareHive");
    Objects.requireNonNull(systemHive, "systemHive");
    Objects.requireNonNull(release, "release");
  }

  @Override
  public Map<String, Object> json() {
    return Map.of();
  }
}
