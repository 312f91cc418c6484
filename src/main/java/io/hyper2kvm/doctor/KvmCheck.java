package io.hyper2kvm.doctor;

import io.hyper2kvm.config.ToolsConfig;
import io.hyper2kvm.config.value.KvmMode;
import io.hyper2kvm.tool.KvmProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A guest really runs under KVM; that the device is there says nothing. */
final class KvmCheck implements Check {

  private static final String SUBJECT = "KVM";
  private static final String SLOWER =
      "guests and the appliance run in emulation, which works and is slower";

  private final ToolsConfig tools;

  KvmCheck(ToolsConfig tools) {
    this.tools = tools;
  }

  @Override
  public List<Finding> run(Host host) {
    Path device = host.root().resolve("dev/kvm");
    if (tools.kvm() == KvmMode.OFF) {
      return List.of(Finding.ok(SUBJECT, "off by the configuration (kvm: off); " + SLOWER));
    }
    String reason;
    String advice;
    if (!Files.exists(device)) {
      reason = "there is no /dev/kvm";
      advice =
          "turn on virtualization in the firmware, or nested virtualization on the host, and load"
              + " kvm_intel or kvm_amd";
    } else if (!Files.isReadable(device) || !Files.isWritable(device)) {
      reason = "/dev/kvm may not be opened";
      advice = "add the daemon's user to the group kvm: usermod -aG kvm USER";
    } else if (host.find("qemu-system-x86_64").isEmpty()) {
      reason = "not tried without qemu-system-x86_64";
      advice = "install qemu-system-x86";
    } else if (works(host)) {
      host.kvmWorks().works(true);
      return List.of(Finding.ok(SUBJECT, "a guest runs under it with all processor features"));
    } else {
      reason = "/dev/kvm is there, but no guest runs under it with all processor features";
      advice =
          "inside a virtual machine, ask for nested virtualization that works; else write kvm: off,"
              + " which saves the probe. For boot tests raise boot_test_timeout to 600s";
    }
    Finding.Level level = tools.kvm() == KvmMode.ON ? Finding.Level.FAIL : Finding.Level.WARN;
    String consequence = level == Finding.Level.FAIL ? "kvm: on does not start" : SLOWER;
    return List.of(new Finding(SUBJECT, level, reason + ": " + consequence, advice));
  }

  private static boolean works(Host host) {
    try {
      return new KvmProbe(host.toolUser())
          .works("qemu-system-x86_64", host.scratch(), host.toolEnvironment());
    } catch (IOException e) {
      return false;
    }
  }
}
