package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.image.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Disks as their vendors make them, through the routes with the real qemu-img: the output must be
 * the guest's disk to the byte, and no file of the source may change. Needs qemu-img and qemu-io.
 */
class DiskFormatsIT {

  @TempDir Path folder;
  private RunningDaemon daemon;
  private RealDisks disks;

  @BeforeAll
  static void needsQemuImg() {
    assumeTrue(RealDisks.toolsAreThere(), "qemu-img is not installed");
  }

  @BeforeEach
  void start() throws IOException {
    daemon = new RunningDaemon(folder);
    daemon.path = System.getenv("PATH");
    disks = new RealDisks(daemon.root.resolve("in"));
    daemon.start();
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  private String manifest(Path source, String type) {
    return daemon
        .single(source, "web")
        .replace("\"raw\", \"source", "\"%s\", \"source".formatted(type));
  }

  /** Converts to raw, and finds every file of the folder unchanged. */
  private JsonNode convert(Path source, String type, Path expected) throws Exception {
    List<byte[]> before = contents();
    daemon.drop("web.json", manifest(source, type));
    JsonNode report = daemon.report("web.json");
    assertThat(report.path("status").asText()).isEqualTo("completed");
    disks.assertSame(expected, daemon.output().resolve("web-converted.raw"));
    List<byte[]> after = contents();
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i)).isEqualTo(before.get(i));
    }
    return report;
  }

  private JsonNode refused(Path source, String type) throws Exception {
    daemon.drop("web.json", manifest(source, type));
    JsonNode error = daemon.error("web.json");
    assertThat(RunningDaemon.names(daemon.output())).isEmpty();
    assertThat(RunningDaemon.names(daemon.work())).isEmpty();
    return error;
  }

  private List<byte[]> contents() throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (String name : RunningDaemon.names(disks.folder)) {
      if (!name.startsWith(".")) {
        contents.add(Files.readAllBytes(disks.folder.resolve(name)));
      }
    }
    return contents;
  }

  /** VirtualBox and Azure state a geometry that ends before the disk does. */
  @ParameterizedTest
  @CsvSource({"dynamic, vbox", "fixed, vbox", "fixed, wa", "dynamic, 'vpc '", "fixed, 'win '"})
  void aVhdKeepsItsEndWhateverItsGeometrySays(String subformat, String creator) throws Exception {
    Path raw = disks.raw("disk.raw");
    Path vhd = disks.folder.resolve("web.vhd");
    String options = "subformat=%s,force_size=on".formatted(subformat);
    disks.qemuImg("convert", "-f", "raw", "-O", "vpc", "-o", options, raw, vhd);
    TestImages.vhdMadeBy(vhd, creator);

    convert(vhd, "vhd", raw);
  }

  /** The size is no multiple of a cylinder, as qemu-img without force_size makes it one. */
  @Test
  void aVhdThatQemuRoundedUpHasItsRoundedSize() throws Exception {
    Path raw = disks.raw("disk.raw");
    Path vhd = disks.folder.resolve("web.vhd");
    disks.qemuImg("convert", "-f", "raw", "-O", "vpc", raw, vhd);
    Path rounded = disks.folder.resolve("rounded.raw");
    disks.qemuImg("convert", "-f", "vpc", "-O", "raw", vhd, rounded);
    assertThat(Files.size(rounded)).isGreaterThan(Files.size(raw));

    convert(vhd, "vhd", rounded);
  }

  @Test
  void aDifferencingVhdIsRefusedWithItsParentsName() throws Exception {
    Path vhd = TestImages.differencingVhd(disks.folder.resolve("web.vhd"), "base.vhd");

    JsonNode error = refused(vhd, "vhd");

    assertThat(error.path("code").asText()).isEqualTo("PARENT_UNSUPPORTED");
    assertThat(error.path("error").asText()).contains("on top of \"base.vhd\"");
  }
}
