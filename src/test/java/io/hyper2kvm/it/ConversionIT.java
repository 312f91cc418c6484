package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.guest.initramfs.InitramfsVerdict;
import io.hyper2kvm.guest.initramfs.archive.InitramfsReader;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.tool.boot.BootVerdict;
import io.hyper2kvm.tool.boot.VmwareBoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The main job: a manifest is dropped, a real guest is converted, and the result boots. */
@Timeout(1500)
class ConversionIT {

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private static final String ALL_FIXES =
      """
      "fix": {
        "fstab": {"enabled": true, "mode": "stabilize-all"},
        "grub": {"enabled": true},
        "initramfs": {"enabled": true, "regenerate": true},
        "network": {"enabled": true, "fix_level": "full"}
      }""";

  /** As src/test/guests/build-debian12.sh makes it. */
  private static final String SWAP_UUID = "0d5e9b1a-77c3-4a86-b0f2-91f4c3a6e7d8";

  @TempDir private static Path directory;
  private static DaemonProcess daemon;

  @BeforeAll
  static void startDaemon() throws IOException {
    daemon = DaemonProcess.start(directory);
  }

  @AfterAll
  static void stopDaemon() throws InterruptedException, IOException {
    daemon.stop();
  }

  @Test
  void theGuestAsItIsDoesNotBootOnVirtio() throws Exception {
    Path source = RealGuest.debian12("vmdk", "--modules", "list").get(0);

    daemon.drop(
        "unfixed.json",
        """
        {"version": "1.0", "pipeline": {
          "load": {"source_type": "vmdk", "source_path": "%s"},
          "convert": {"domain": {"disk_bus": "virtio", "network_model": "virtio"}},
          "validate": {"enabled": true, "boot_test": true}}}
        """
            .formatted(source));
    DaemonProcess.Outcome unfixed = daemon.outcome("unfixed.json", PATIENCE);
    assertThat(unfixed.completed()).isFalse();
    assertThat(unfixed.json().path("code").asText()).isEqualTo("BOOT_INITRAMFS_SHELL");
    assertThat(unfixed.json().path("stages").path("validate").path("status").asText())
        .isEqualTo("failed");
    assertThat(daemon.output("unfixed-converted.qcow2")).doesNotExist();
  }

  @Test
  @Tag("all")
  void theGuestAsItIsBootsOnItsOldHardware() throws Exception {
    Path source = RealGuest.debian12("vmdk", "--modules", "list").get(0);

    BootVerdict healthy = VmwareBoot.of(source, Files.createDirectory(directory.resolve("vmware")));
    assertThat(healthy.booted()).as("%s", healthy).isTrue();
  }

  /** The domain's disk bus follows what is proven, and the boot test uses it. */
  @Test
  @Tag("all")
  void theGuestAsItIsBootsOnTheDisksOfItsDomain() throws Exception {
    Path source = RealGuest.debian12("vmdk", "--modules", "list").get(0);

    daemon.drop(
        "sata.json",
        """
        {"version": "1.0", "pipeline": {
          "load": {"source_type": "vmdk", "source_path": "%s"}, "inspect": {"enabled": true},
          "validate": {"enabled": true, "boot_test": true}}}
        """
            .formatted(source));
    DaemonProcess.Outcome outcome = daemon.outcome("sata.json", PATIENCE);
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    JsonNode domain = outcome.json().at("/stages/convert/domain");
    assertThat(domain.path("disk_bus").asText()).isEqualTo("sata");
    assertThat(domain.at("/virtio_disk/proven").asBoolean()).isFalse();
    assertThat(outcome.json().path("warnings").toString()).contains("the VM gets sata disks");
    assertThat(daemon.output("sata.xml")).content().contains("bus=\"sata\"");
  }

  @Test
  @Tag("smoke")
  void theGuestBootsOnVirtioAfterItsConversion() throws Exception {
    Path source = RealGuest.debian12("vmdk", "--modules", "list").get(0);
    String hashBefore = sha256(source);
    String manifest =
        """
        version: "1.0"
        name: web01
        pipeline:
          load: {source_type: vmdk, source_path: %s}
          inspect: {enabled: true, detect_os: true}
          fix:
            fstab: {enabled: true, mode: stabilize-all}
            grub: {enabled: true}
            initramfs: {enabled: true, regenerate: true}
            network: {enabled: true, fix_level: full}
          convert: {output_format: qcow2, compress: true}
          validate: {enabled: true, boot_test: true}
        """
            .formatted(source);
    daemon.drop("web01.yaml", manifest);
    DaemonProcess.Outcome fixed = daemon.outcome("web01.yaml", PATIENCE);
    assertThat(fixed.completed()).as(() -> fixed.json().toPrettyString()).isTrue();
    JsonNode boot = fixed.json().path("stages").path("validate").path("boot_test");
    assertThat(boot.path("booted").asBoolean()).isTrue();
    assertThat(boot.path("network_up").asBoolean()).isTrue();
    assertThat(boot.path("mac").asText()).isNotEqualTo("00:0c:29:3e:5f:a1");
    JsonNode savings = fixed.json().at("/stages/convert/savings");
    assertThat(savings.path("trimmed_bytes").isNumber()).as("%s", savings).isTrue();
    assertThat(savings.path("output_size_bytes").asLong())
        .isPositive()
        .isLessThan(savings.path("source_data_bytes").asLong());
    // Whichever comes first ends the boot test.
    assertThat(boot.path("evidence").toString()).containsPattern("SSH-2.0-OpenSSH|login:");
    assertThat(fstab("web01"))
        .as("a swap row of the old hardware would cost the boot systemd's 90 s")
        .filteredOn(row -> row.contains(" swap "))
        .singleElement()
        .asString()
        .startsWith("UUID=" + SWAP_UUID);
    assertThat(fixed.json().path("warnings")).isEmpty();
    assertThat(fixed.json().path("stages").path("inspect").path("os_detected").asText())
        .isEqualTo("Debian GNU/Linux 12 (bookworm)");
    assertThat(sha256(source)).isEqualTo(hashBefore);

    daemon.drop("again.yaml", manifest);
    DaemonProcess.Outcome again = daemon.outcome("again.yaml", PATIENCE);
    assertThat(again.json().path("reused").asBoolean())
        .as(() -> again.json().toPrettyString())
        .isTrue();
    assertThat(again.json().path("stages")).isEqualTo(fixed.json().path("stages"));
  }

  /** The rows of the output's fstab, from the output itself; one space between two fields. */
  private static List<String> fstab(String vm) throws Exception {
    RootFileSystem root =
        new RootFileSystem(daemon.output(vm + "-converted.qcow2"), "qcow2", directory);
    return Files.readString(root.dump("/etc/fstab", directory.resolve("fstab-" + vm)))
        .lines()
        .map(line -> line.strip().replaceAll("\\s+", " "))
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  @Test
  @Tag("all")
  void everyFormOfAGuestGivesTheSameContent() throws Exception {
    List<Path> sources = RealGuest.debian12("vmdk,vhd,vhdx,raw", "--modules", "list");
    List<String> hashesBefore = sha256(sources);
    String vm =
        """
        {"name": "%1$s", "pipeline": {
          "load": {"source_type": "%1$s", "source_path": "%2$s"},
          %3$s,
          "convert": %4$s}}""";
    List<String> converts =
        List.of(
            "{\"output_format\": \"raw\"}",
            "{\"output_format\": \"vdi\"}",
            "{\"output_format\": \"qcow2\"}",
            "{\"output_format\": \"qcow2\", \"compress\": true, \"compression_type\": \"zlib\"}");
    List<String> types = List.of("vmdk", "vhd", "vhdx", "raw");
    StringBuilder vms = new StringBuilder();
    for (int i = 0; i < types.size(); i++) {
      vms.append(i == 0 ? "" : ",\n")
          .append(vm.formatted(types.get(i), sources.get(i), ALL_FIXES, converts.get(i)));
    }
    daemon.drop(
        "forms.json", "{\"version\": \"1.0\", \"batch\": true, \"vms\": [%s]}".formatted(vms));

    DaemonProcess.Outcome outcome = daemon.outcome("forms.json", PATIENCE);
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    assertThat(sha256(sources)).isEqualTo(hashesBefore);

    List<String> formats = List.of("raw", "vdi", "qcow2", "qcow2");
    Path first = null;
    for (int i = 0; i < types.size(); i++) {
      Path output = daemon.output(types.get(i) + "-converted." + formats.get(i));
      RootFileSystem root = new RootFileSystem(output, formats.get(i), directory);
      Path tree = root.dumpAll(directory.resolve("tree-" + types.get(i)));
      if (first == null) {
        first = tree;
        assertThat(Files.readString(tree.resolve("etc/fstab"))).doesNotContain("/dev/sda");
      } else {
        // Prints the first differences, if any.
        assertThat(
                RealGuest.Program.run(
                    List.of(
                        "sh",
                        "-c",
                        "diff -r --no-dereference \"$0\" \"$1\" 2>&1 | head -20",
                        first.toString(),
                        tree.toString())))
            .isEmpty();
      }
    }
  }

  @Test
  @Tag("all")
  void everyInitramfsOfEveryKernelHoldsVirtio() throws Exception {
    Path most = RealGuest.debian12("vmdk", "--modules", "most").get(0);
    Path twoKernels = RealGuest.debian12("vmdk", "--modules", "dep", "--kernels", "2").get(0);
    List<String> hashesBefore = sha256(List.of(most, twoKernels));
    daemon.drop(
        "kernels.json",
        """
        {"version": "1.0", "batch": true,
         "defaults": {"pipeline": {%s, "load": {"source_type": "vmdk"}}},
         "vms": [
          {"name": "most", "pipeline": {"load": {"source_path": "%s"}}},
          {"name": "two-kernels", "pipeline": {"load": {"source_path": "%s"}}}]}
        """
            .formatted(ALL_FIXES, most, twoKernels));

    DaemonProcess.Outcome outcome = daemon.outcome("kernels.json", PATIENCE);
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    assertThat(sha256(List.of(most, twoKernels))).isEqualTo(hashesBefore);

    assertThat(verdicts("most")).hasSize(1).allMatch(InitramfsVerdict::isComplete);
    assertThat(verdicts("two-kernels")).hasSize(2).allMatch(InitramfsVerdict::isComplete);
    JsonNode vms = outcome.json().path("vms");
    assertThat(StreamSupport.stream(vms.spliterator(), false).map(vm -> vm.path("name").asText()))
        .containsExactly("most", "two-kernels");
  }

  /** What the initramfs images in the finished output hold, read from the output itself. */
  private static List<InitramfsVerdict> verdicts(String vm) throws Exception {
    RootFileSystem root =
        new RootFileSystem(daemon.output(vm + "-converted.qcow2"), "qcow2", directory);
    Path scratch = Files.createDirectory(directory.resolve("initramfs-" + vm));
    List<InitramfsVerdict> verdicts = new java.util.ArrayList<>();
    for (String kernel : root.list("/usr/lib/modules")) {
      if (kernel.startsWith(".")) {
        continue;
      }
      Path initramfs = root.dump("/boot/initrd.img-" + kernel, scratch.resolve(kernel));
      Path dep =
          root.dump("/usr/lib/modules/%s/modules.dep".formatted(kernel), scratch.resolve("dep"));
      Path builtin =
          root.dump(
              "/usr/lib/modules/%s/modules.builtin".formatted(kernel), scratch.resolve("builtin"));
      KernelModules modules =
          KernelModules.parse(Files.readString(dep), Files.readString(builtin), "", "");
      verdicts.add(InitramfsVerdict.verify(new InitramfsReader().read(initramfs), modules, kernel));
    }
    return verdicts;
  }

  private static List<String> sha256(List<Path> files) throws Exception {
    List<String> hashes = new java.util.ArrayList<>();
    for (Path file : files) {
      hashes.add(sha256(file));
    }
    return hashes;
  }

  private static String sha256(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (var in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 20];
      int n;
      while ((n = in.read(buffer)) >= 0) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
