package io.hyper2kvm.doctor;

import io.hyper2kvm.config.ToolsConfig;
import io.hyper2kvm.guestfish.Guestfish;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.tool.ToolResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The appliance of libguestfs really boots, with the environment and memory of the daemon's. */
final class ApplianceCheck implements Check {

  private static final String SUBJECT = "Appliance";
  private static final int DISK_BYTES = 1 << 20;

  private final ToolsConfig tools;
  private final Duration limit;

  /**
   * The check.
   *
   * @param limit how long the appliance may take to boot
   */
  ApplianceCheck(ToolsConfig tools, Duration limit) {
    this.tools = tools;
    this.limit = limit;
  }

  @Override
  public List<Finding> run(Host host) {
    if (host.find("guestfish").isEmpty()) {
      return List.of(
          Finding.fail(SUBJECT, "not tried without guestfish", "install libguestfs-tools"));
    }
    Path disk = host.scratch().resolve("appliance.raw");
    GuestfishScript script = new GuestfishScript();
    script.run("set-memsize", String.valueOf(tools.applianceMemory().bytes() >> 20));
    script.run("add-drive", disk.toString(), "format:raw");
    script.run("run");
    script.ask("devices", "list-devices");
    Map<String, String> environment = new HashMap<>(host.toolEnvironment());
    Path tmp = host.toolUser().isOther() ? host.scratch().resolve("tmp") : host.scratch();
    environment.put("TMPDIR", tmp.toString());
    environment.put("LIBGUESTFS_TMPDIR", tmp.toString());
    environment.put("HOME", tmp.toString());
    if (!host.kvmWorks().works()) {
      environment.put("LIBGUESTFS_BACKEND_SETTINGS", "force_tcg");
    }
    try {
      Files.write(disk, new byte[DISK_BYTES]);
      host.toolUser().give(disk);
      host.toolUser().makeFolder(tmp);
      ToolResult result =
          host.run("guestfish", Guestfish.script(), script.text(), environment, limit);
      GuestfishAnswers answers = script.answers(result.stdout());
      if (answers.lines("devices").isEmpty()) {
        return List.of(bad(Host.tail(result.stderrTail())));
      }
      return List.of(
          Finding.ok(SUBJECT, "boots and sees its disk, in %d s".formatted(seconds(result))));
    } catch (IOException | IllegalArgumentException e) {
      return List.of(bad(Host.tail(String.valueOf(e.getMessage()))));
    }
  }

  private static long seconds(ToolResult result) {
    return Math.max(1, result.took().toSeconds());
  }

  private static Finding bad(String reason) {
    return Finding.fail(
        SUBJECT,
        "does not boot: " + reason,
        "see what libguestfs says, as the daemon's user: LIBGUESTFS_BACKEND=direct"
            + " libguestfs-test-tool");
  }
}
