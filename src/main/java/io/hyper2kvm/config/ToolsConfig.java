package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import io.hyper2kvm.config.value.DataSize;
import io.hyper2kvm.config.value.KvmMode;
import io.hyper2kvm.tool.luks.LuksKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the tools are run.
 *
 * @param applianceMemory memory of the libguestfs appliance
 * @param convertThreads parallel coroutines of {@code qemu-img convert -m}; 1 to 16
 * @param kvm whether hardware acceleration is used
 * @param user the user that the tools run as; empty: the one that the daemon runs as
 * @param luksKeys where the keys of encrypted guests are
 * @param virtioWin the folder or ISO with the drivers for Windows guests; empty: where a package
 *     would put it
 */
public record ToolsConfig(
    DataSize applianceMemory,
    int convertThreads,
    KvmMode kvm,
    Optional<String> user,
    List<LuksKey> luksKeys,
    Optional<Path> virtioWin) {

  public static final ConfigKey<DataSize> APPLIANCE_MEMORY =
      ConfigKey.of(
              Group.TOOLS,
              "appliance_memory",
              ValueSyntax.size("512MiB", "64GiB"),
              "Memory of the libguestfs appliance")
          .withDefault("1280MiB");
  public static final ConfigKey<Integer> CONVERT_THREADS =
      ConfigKey.of(
              Group.TOOLS,
              "convert_threads",
              ValueSyntax.number(1, 16),
              "Parallel requests of one qemu-img convert")
          .withDefault("8");
  public static final ConfigKey<KvmMode> KVM =
      ConfigKey.of(
              Group.TOOLS,
              "kvm",
              ValueSyntax.choice("MODE", KvmMode.class),
              "Hardware acceleration: auto (where a probe finds it working), on or off")
          .withDefault("auto");
  public static final ConfigKey<String> TOOL_USER =
      ConfigKey.of(
          Group.TOOLS,
          "tool_user",
          ValueSyntax.userName(),
          "User that the tools run as when the program is started as root");

  public static final ConfigKey<LuksKey> LUKS_KEYS =
      ConfigKey.of(
              Group.TOOLS,
              "luks_keys",
              ValueSyntax.luksKey(),
              "Files and systemd credentials with the keys of encrypted guests, by VM and device")
          .asList();
  public static final ConfigKey<Path> VIRTIO_WIN =
      ConfigKey.of(
          Group.TOOLS,
          "virtio_win",
          ValueSyntax.path("PATH"),
          "Folder or ISO with the virtio drivers for Windows guests; without it, virtio-win.iso or"
              + " the folder itself in /usr/share/virtio-win");

  public ToolsConfig {
    luksKeys = List.copyOf(luksKeys);
    Require.positive(applianceMemory, "applianceMemory");
    Require.within(convertThreads, 1, 16, "convertThreads");
    Objects.requireNonNull(kvm, "kvm");
    Objects.requireNonNull(user, "user");
    virtioWin.ifPresent(path -> Require.absolute(path, "virtioWin"));
  }

  static ToolsConfig of(Values values) {
    return new ToolsConfig(
        values.get(APPLIANCE_MEMORY),
        values.get(CONVERT_THREADS),
        values.get(KVM),
        values.find(TOOL_USER),
        values.list(LUKS_KEYS),
        values.find(VIRTIO_WIN));
  }
}
