package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A guest of {@code src/test/guests/real}: built once, then cached.
 *
 * @param folder its disks, and the evidence that it boots on the machine that it comes from and not
 *     on virtio
 * @param description what its specification says of it
 */
record BootedGuest(Path folder, JsonNode description) {

  private static final Path SCRIPTS = RealGuest.Program.HOME.resolve("src/test/guests");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LIMIT_SECONDS = 900;

  /** The names of all guests. */
  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS.resolve("real"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".sh"))
          .map(name -> name.substring(0, name.length() - ".sh".length()))
          .sorted()
          .toList();
    }
  }

  /**
   * Builds it, or takes it from the cache.
   *
   * @param shown whether it must have been booted as its old machine has it, and unfixed on virtio
   */
  static BootedGuest build(String name, boolean shown) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(SCRIPTS.resolve("build-guest.sh").toString());
    if (shown) {
      command.add("--shown");
    }
    command.add(name);
    List<String> lines = RealGuest.Program.run(command).lines().toList();
    return new BootedGuest(Path.of(lines.get(0)), JSON.readTree(lines.get(1)));
  }

  String name() {
    return description.path("name").asText();
  }

  List<String> warnings() {
    return texts("warnings");
  }

  /** The commands of guestfish that mount it, where that does not find the root itself. */
  List<String> mountedBy() {
    return texts("mounted_by");
  }

  /** What the boot on the old machine, or of the source on virtio, was found to be. */
  JsonNode evidence(String boot) throws IOException {
    return JSON.readTree(folder.resolve("evidence").resolve(boot + ".json").toFile());
  }

  /** The manifest that converts it with the four fixes, and those that its specification adds. */
  String manifest() {
    List<String> disks = texts("disks").stream().map(folder::resolve).map(Path::toString).toList();
    List<String> cards =
        texts("cards").stream()
            .map(card -> "{mac: \"%s\"}".formatted(card.split(" ", 2)[0]))
            .toList();
    return """
    version: "1.0"
    name: %s
    pipeline:
      load:
        source_type: vmdk
        source_path: %s
        additional_disks: [%s]
        network_cards: [%s]
      fix: {fstab: {}, grub: {}, initramfs: {}, network: {}%s}
      convert: {output_format: qcow2}
    %s
    """
        .formatted(
            name(),
            disks.get(0),
            String.join(", ", disks.subList(1, disks.size())),
            String.join(", ", cards),
            texts("fixes").stream().map(", "::concat).collect(Collectors.joining()),
            String.join("\n", texts("manifest").stream().map(line -> "  " + line).toList()));
  }

  /** The outputs of its conversion, in order. */
  List<Path> outputs(DaemonProcess daemon) {
    List<Path> outputs = new ArrayList<>();
    for (int disk = 1; disk <= texts("disks").size(); disk++) {
      outputs.add(
          daemon.output("%s-converted%s.qcow2".formatted(name(), disk == 1 ? "" : "-disk" + disk)));
    }
    return outputs;
  }

  /**
   * Boots disks on virtio, with other network addresses and an empty NVRAM, by its own firmware and
   * loader.
   *
   * @param console the file that gets what its serial port prints
   * @return {@code boot-guest.sh}'s verdict
   */
  JsonNode bootOnVirtio(List<Path> disks, Path console) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                SCRIPTS.resolve("boot-guest.sh").toString(),
                folder.toString(),
                "kvm",
                console.toString(),
                "--limit",
                Integer.toString(LIMIT_SECONDS)));
    disks.forEach(disk -> command.add(disk.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    if (!RealGuest.Program.KVM.equals("off")) {
      builder.environment().put("H2K_GUEST_ACCEL", "kvm:tcg");
    }
    Process process = builder.start();
    String verdict = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(verdict)
        .as("what boot-guest.sh printed; exit code %s", process.exitValue())
        .isNotBlank();
    return JSON.readTree(verdict);
  }

  private List<String> texts(String key) {
    return StreamSupport.stream(description.path(key).spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }
}
