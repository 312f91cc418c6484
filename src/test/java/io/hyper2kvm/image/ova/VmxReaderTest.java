package io.hyper2kvm.image.ova;

import static io.hyper2kvm.image.ova.VmxFolder.VMX;
import static io.hyper2kvm.image.ova.VmxFolder.list;
import static io.hyper2kvm.image.ova.VmxFolder.named;
import static io.hyper2kvm.image.ova.VmxFolder.second;
import static io.hyper2kvm.image.ova.VmxFolder.snapshot;
import static io.hyper2kvm.image.ova.VmxFolder.web;
import static io.hyper2kvm.image.ova.VmxFolder.withSnapshots;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.probe.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * VMs as ESXi, Workstation and Fusion keep them: which disks they have, and what is told of them.
 */
class VmxReaderTest {

  private static final byte[] VMDK = TestImages.vmdk();

  @TempDir Path directory;

  private static Arguments reads(String name, Function<Path, Path> make, String disks) {
    return Arguments.of(named(name, make), disks);
  }

  private static Path made(Path folder, String made) {
    try {
      return Files.createDirectories(folder.resolve(made));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The disks of each as their files, the leaf first: {@code leaf<parent}. */
  static Stream<Arguments> good() {
    return Stream.of(
        reads("a folder", d -> web().folder(d), "web.vmdk"),
        reads("the file itself", d -> web().folder(d).resolve("web.vmx"), "web.vmdk"),
        reads(
            "the file itself beside another",
            d -> web().and("old.vmx", "nonsense").folder(d).resolve("web.vmx"),
            "web.vmdk"),
        reads(
            "a template",
            d -> Ovas.with("web.vmtx", VMX).and("web.vmdk", VMDK).folder(d),
            "web.vmdk"),
        reads(
            "in capitals",
            d -> Ovas.with("WEB.VMX", VMX).and("web.vmdk", VMDK).folder(d),
            "web.vmdk"),
        reads("macOS's files", d -> web().and("._web.vmx", "x").folder(d), "web.vmdk"),
        reads("an empty list of snapshots", d -> web().and("web.vmsd", "").folder(d), "web.vmdk"),
        reads(
            "Windows' line ends and encoding",
            d ->
                Ovas.with(
                        "web.vmx",
                        VMX.replace("UTF-8", "windows-1252")
                            .replace("web.vmdk", "wéb.vmdk")
                            .replace("\n", "\r\n")
                            .getBytes(Charset.forName("windows-1252")))
                    .and("wéb.vmdk", VMDK)
                    .folder(d),
            "wéb.vmdk"),
        reads(
            "Workstation in China",
            d ->
                Ovas.with(
                        "web.vmx",
                        VMX.replace("UTF-8", "GBK")
                            .replace("web.vmdk", "网络.vmdk")
                            .getBytes(Charset.forName("GBK")))
                    .and("网络.vmdk", VMDK)
                    .folder(d),
            "网络.vmdk"),
        reads(
            "an escape in a name",
            d -> named("web|7c1.vmdk").and("web|1.vmdk", VMDK).folder(d),
            "web|1.vmdk"),
        reads(
            "a name with blanks",
            d -> named("web 1.vmdk").and("web 1.vmdk", VMDK).folder(d),
            "web 1.vmdk"),
        reads(
            "a point before", d -> named("./web.vmdk").and("web.vmdk", VMDK).folder(d), "web.vmdk"),
        reads(
            "a folder below",
            d -> named("d/web.vmdk").and("d/web.vmdk", VMDK).folder(d),
            "web.vmdk"),
        reads(
            "a folder below, from Windows",
            d -> named("d\\web.vmdk").and("d/web.vmdk", VMDK).folder(d),
            "web.vmdk"),
        reads(
            "an absolute name of the folder itself",
            d -> named(d + "/web.vmdk").and("web.vmdk", VMDK).folder(d),
            "web.vmdk"),
        reads(
            "a disk of ESXi",
            d ->
                web()
                    .and(
                        "web.vmdk", TestImages.descriptor("vmfs", "RW 2048 VMFS \"web-flat.vmdk\""))
                    .and("web-flat.vmdk", new byte[1 << 20])
                    .folder(d),
            "web.vmdk"),
        reads(
            "two disks in the order of their places",
            d ->
                web("ide0:0.present = \"1\"\nide0:0.fileName = \"boot.vmdk\"\n")
                    .and("boot.vmdk", TestImages.streamOptimized())
                    .folder(d),
            "boot.vmdk web.vmdk"),
        reads(
            "the current chain",
            d ->
                withSnapshots(named("web-000002.vmdk"))
                    .and("web.vmsd", list("2", "web-000001.vmdk"))
                    .folder(d),
            "web-000002.vmdk<web-000001.vmdk<web.vmdk"),
        reads(
            "back to the first snapshot",
            d ->
                withSnapshots(named("web-000003.vmdk"))
                    .and("web-000003.vmdk", snapshot("aaaaaaa3", "12345678", "web.vmdk"))
                    .and("web.vmsd", list("1", "web-000001.vmdk"))
                    .folder(d),
            "web-000003.vmdk<web.vmdk"),
        reads(
            "a linked clone with its base below",
            d ->
                named("clone.vmdk")
                    .and("clone.vmdk", snapshot("aaaaaaa1", "12345678", "base/web.vmdk"))
                    .and("base/web.vmdk", VMDK)
                    .folder(d),
            "clone.vmdk<web.vmdk"),
        reads(
            "two clones of one base",
            d ->
                Ovas.with("web.vmx", VMX.replace("web.vmdk", "a.vmdk") + second("b.vmdk"))
                    .and("a.vmdk", snapshot("aaaaaaa1", "12345678", "web.vmdk"))
                    .and("b.vmdk", snapshot("aaaaaaa2", "12345678", "web.vmdk"))
                    .and("web.vmdk", VMDK)
                    .folder(d),
            "a.vmdk<web.vmdk b.vmdk<web.vmdk"));
  }

  @ParameterizedTest
  @MethodSource("good")
  void theDisksAreThoseOfTheMachine(Function<Path, Path> make, String disks) throws IOException {
    try (OvaPackage vm = VmxReader.open(make.apply(directory.toRealPath()))) {
      List<ReadyDisk> ready = vm.ready(Files.createDirectory(directory.resolve("unpacked")));

      assertThat(ready.stream().map(disk -> chain(disk.image())).collect(Collectors.joining(" ")))
          .isEqualTo(disks);
      assertThat(ready).noneMatch(ReadyDisk::unpacked);
      assertThat(vm.warnings()).isEmpty();
      assertThat(vm.kind()).isEqualTo("folder");
      assertThat(vm.files(0).get(0).getFileName().toString()).endsWithIgnoringCase("x");
    }
  }

  private static String chain(ImageFacts image) {
    String name = image.path().getFileName().toString();
    return image.parent().map(parent -> name + "<" + chain(parent)).orElse(name);
  }

  static Stream<Arguments> worthALook() {
    return Stream.of(
        reads(
            "an extent is named",
            d ->
                named("web-flat.vmdk")
                    .and(
                        "web.vmdk", TestImages.descriptor("vmfs", "RW 2048 VMFS \"web-flat.vmdk\""))
                    .and("web-flat.vmdk", new byte[1 << 20])
                    .folder(d),
            "line 10: scsi0:0 names data of the disk web.vmdk, and that disk is converted"),
        reads(
            "Workstation's lock",
            d -> made(web().folder(d), "web.vmx.lck").getParent(),
            "web.vmx.lck is there: VMware has the VM open"),
        reads(
            "a disk's lock",
            d -> made(web().folder(d), "web.vmdk.lck").getParent(),
            "web.vmdk.lck is there"),
        reads("ESXi's lock", d -> web().and("web.vmx.lck", "").folder(d), "web.vmx.lck is there"),
        reads("ESXi's swap", d -> web().and("web-1f2e.vswp", "").folder(d), "web-1f2e.vswp is"),
        reads("a running VM's memory", d -> web().and("web.vmem", "").folder(d), "web.vmem is th"),
        reads("a suspended VM's memory", d -> web().and("web.vmss", "").folder(d), "web.vmss is"),
        reads(
            "a VMX that is older than the snapshots",
            d -> withSnapshots(web()).and("web.vmsd", list("2", "web-000001.vmdk")).folder(d),
            "web.vmsd: the snapshot \"fresh\" holds web.vmdk, and web.vmx names this very file"),
        reads(
            "a current snapshot that is not below",
            d ->
                withSnapshots(named("web-000003.vmdk"))
                    .and("web-000003.vmdk", snapshot("aaaaaaa3", "12345678", "web.vmdk"))
                    .and("web.vmsd", list("2", "web-000001.vmdk"))
                    .folder(d),
            "web.vmsd: the VM's current snapshot holds web-000001.vmdk, and web-000003.vmdk"),
        reads(
            "a chain of which the list does not know",
            d -> withSnapshots(named("web-000001.vmdk")).and("web.vmsd", "").folder(d),
            "web.vmsd lists no snapshot, and web-000001.vmdk is one on top of web.vmdk"),
        reads(
            "a list with another count",
            d -> web().and("web.vmsd", "snapshot.numSnapshots = \"3\"").folder(d),
            "web.vmsd: it says that there are 3 snapshots, and lists 0"),
        reads(
            "a current snapshot that is not listed",
            d ->
                withSnapshots(named("web-000002.vmdk"))
                    .and("web.vmsd", list("7", "web-000001.vmdk"))
                    .folder(d),
            "web.vmsd: its current snapshot, 7, is not in the list"),
        reads(
            "a list of another form",
            d -> web().and("web.vmsd", "<snapshots/>").folder(d),
            "the list of snapshots is not read: web.vmsd, line 1"),
        reads(
            "a list of endless length",
            d -> web().and("web.vmsd", new byte[(1 << 20) + 1]).folder(d),
            "web.vmsd has 1048577 bytes and is not read"),
        reads(
            "another format than VMware's",
            d -> named("web.qcow2").and("web.qcow2", TestImages.qcow2()).folder(d),
            "calls the disk \"scsi0:0\" a VMDK disk, and it is a qcow2 disk"));
  }

  @ParameterizedTest
  @MethodSource("worthALook")
  void whatContradictsIsAWarning(Function<Path, Path> make, String warning) throws IOException {
    try (OvaPackage vm = VmxReader.open(make.apply(directory.toRealPath()))) {
      assertThat(vm.warnings()).singleElement().asString().contains(warning);
      assertThat(vm.diskCount()).isEqualTo(1);
    }
  }

  @Test
  void theMemoryOfASnapshotIsNoSignOfARunningMachine() throws IOException {
    Path folder =
        web().and("web-Snapshot1.vmem", "").and("web-Snapshot1.vmsn", "").folder(directory);

    try (OvaPackage vm = VmxReader.open(folder)) {
      assertThat(vm.warnings()).isEmpty();
    }
  }

  @Test
  void nvramAndSnapshotsAreTold() throws IOException {
    Path folder =
        withSnapshots(named("web-000002.vmdk"))
            .and("web.vmsd", list("2", "web-000001.vmdk"))
            .folder(directory);

    try (OvaPackage vm = VmxReader.open(folder)) {
      OvaPackage.VmxFacts facts = vm.vmx().orElseThrow();
      assertThat(facts.nvram()).isEqualTo("web.nvram");
      assertThat(facts.snapshots().orElseThrow().all()).hasSize(2);
      assertThat(facts.snapshots().orElseThrow().current().orElseThrow().name())
          .isEqualTo("before the update");
    }
  }

  @Test
  void withoutAListNothingIsKnownOfSnapshots() throws IOException {
    try (OvaPackage vm = VmxReader.open(web().folder(directory))) {
      assertThat(vm.vmx().orElseThrow().snapshots()).isEmpty();
      assertThat(vm.manifests()).isEmpty();
      assertThat(vm.certificate()).isEmpty();
    }
  }
}
