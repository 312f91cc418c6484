package io.hyper2kvm.doctor;

import io.hyper2kvm.config.ToolsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What VMs with fix.windows need: a tool that others do without, its files, and drivers. */
final class WindowsCheck implements Check {

  private static final String TOOL = "virt-v2v-in-place";
  private static final String PURPOSE = "VMs with fix.windows fail, all else works";
  private static final List<String> RUNNERS = List.of("rhsrvany.exe", "pvvxsvc.exe");

  private final ToolsConfig tools;

  WindowsCheck(ToolsConfig tools) {
    this.tools = tools;
  }

  @Override
  public List<Finding> run(Host host) {
    if (host.find(TOOL).isEmpty()) {
      return List.of(
          Finding.warn(
              TOOL,
              "not found; " + PURPOSE,
              "install virt-v2v if Windows guests are to get virtio drivers"));
    }
    List<Finding> findings = new ArrayList<>();
    Path data =
        Path.of(
            host.toolEnvironment().getOrDefault("VIRT_TOOLS_DATA_DIR", shared(host, "virt-tools")));
    findings.add(
        RUNNERS.stream().anyMatch(name -> Files.isReadable(data.resolve(name)))
            ? Finding.ok(TOOL, host.find(TOOL).get() + ", with its files in " + data)
            : Finding.warn(
                TOOL,
                "%s has neither %s; %s".formatted(data, String.join(" nor ", RUNNERS), PURPOSE),
                "put one there, or name its folder in the variable VIRT_TOOLS_DATA_DIR"));
    findings.add(drivers(host));
    return findings;
  }

  private Finding drivers(Host host) {
    Path usual = Path.of(shared(host, "virtio-win"));
    Path place =
        tools
            .virtioWin()
            .orElseGet(
                () ->
                    Stream.of(usual.resolve("virtio-win.iso"), usual)
                        .filter(Files::exists)
                        .findFirst()
                        .orElse(usual));
    return isReadable(host, place)
        ? Finding.ok("virtio_win", place.toString())
        : Finding.warn(
            "virtio_win",
            "%s is not there, or cannot be read; %s".formatted(place, PURPOSE),
            "set virtio_win to the folder or ISO with the virtio drivers for Windows");
  }

  private static boolean isReadable(Host host, Path place) {
    try {
      return Files.isReadable(place) && host.toolUser().mayRead(place);
    } catch (IOException e) {
      return false;
    }
  }

  private static String shared(Host host, String name) {
    return host.root().resolve("usr/share").resolve(name).toString();
  }
}
