package io.hyper2kvm.doctor;

import io.hyper2kvm.config.ToolsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What VMs with fix.windows need: a tool that others do without, its files, and drivers. */
final class WindowsCheck implements Check {

  private static final String TOOL = "virt-v2v-in-place";
  private static final String SUBJECT = "Windows guests";
  private static final List<String> RUNNERS = List.of("rhsrvany.exe", "pvvxsvc.exe");

  private final ToolsConfig tools;

  WindowsCheck(ToolsConfig tools) {
    this.tools = tools;
  }

  @Override
  public List<Finding> run(Host host) {
    Path drivers = drivers(host);
    if (tools.virtioWin().isEmpty() && !Files.exists(drivers)) {
      return List.of(
          Finding.ok(
              SUBJECT,
              "get no virtio drivers here: virtio_win is not set, and %s is not there"
                  .formatted(drivers)));
    }
    List<Finding> findings = new ArrayList<>();
    Optional<Path> tool = host.find(TOOL);
    Path data =
        Path.of(
            host.toolEnvironment().getOrDefault("VIRT_TOOLS_DATA_DIR", shared(host, "virt-tools")));
    if (tool.isEmpty()) {
      findings.add(warn(TOOL + " was not found", "install virt-v2v"));
    } else if (RUNNERS.stream().noneMatch(name -> Files.isReadable(data.resolve(name)))) {
      findings.add(
          warn(
              "%s has neither %s".formatted(data, String.join(" nor ", RUNNERS)),
              "put one there, or name its folder in the variable VIRT_TOOLS_DATA_DIR"));
    }
    if (!isReadable(host, drivers)) {
      findings.add(
          warn(
              "virtio_win %s is not there, or cannot be read".formatted(drivers),
              "set it to the folder or ISO with the virtio drivers for Windows"));
    }
    return findings.isEmpty()
        ? List.of(
            Finding.ok(
                SUBJECT,
                "get drivers from %s by %s, with its files in %s"
                    .formatted(drivers, tool.orElseThrow(), data)))
        : findings;
  }

  private static Finding warn(String found, String advice) {
    return Finding.warn(SUBJECT, found + "; VMs with fix.windows fail, all else works", advice);
  }

  private Path drivers(Host host) {
    Path usual = Path.of(shared(host, "virtio-win"));
    return tools
        .virtioWin()
        .orElseGet(
            () ->
                Files.exists(usual.resolve("virtio-win.iso"))
                    ? usual.resolve("virtio-win.iso")
                    : usual);
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
