package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.probe.TestImages;
import io.hyper2kvm.manifest.model.SourceType;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.load.LoadStage;
import io.hyper2kvm.stage.load.OutputReservations;
import io.hyper2kvm.stage.machine.MachineJson;
import io.hyper2kvm.stage.outcome.JobOutcome;
import io.hyper2kvm.stage.space.SpaceReservations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LOAD of OVAs and other archives: types, roots, places, report. */
class LoadOvaTest {

  private static final String OVF =
      """
      <Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
        <References>
          <File ovf:id="f1" ovf:href="one.vmdk"/><File ovf:id="f2" ovf:href="two.vmdk"/>
        </References>
        <DiskSection>
          <Disk ovf:diskId="d2" ovf:fileRef="f2"/><Disk ovf:diskId="d1" ovf:fileRef="f1"/>
        </DiskSection>
        <VirtualSystem ovf:id="vm"><VirtualHardwareSection>
          <Item><InstanceID>1</InstanceID><ResourceType>3</ResourceType>
            <VirtualQuantity>2</VirtualQuantity></Item>
          <Item><InstanceID>2</InstanceID><ResourceType>17</ResourceType>
            <HostResource>ovf:/disk/d1</HostResource></Item>
          <Item><InstanceID>3</InstanceID><ResourceType>17</ResourceType>
            <HostResource>ovf:/disk/d2</HostResource></Item>
        </VirtualHardwareSection></VirtualSystem>
      </Envelope>
      """;

  @TempDir Path directory;
  private Jobs jobs;
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  @BeforeEach
  void jobs() throws IOException {
    jobs = new Jobs(directory.toRealPath());
    files.put("vm.ovf", OVF.getBytes(StandardCharsets.UTF_8));
    files.put("one.vmdk", TestImages.vmdk());
    files.put("two.vmdk", TestImages.streamOptimized());
  }

  private byte[] tar() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packed = new GZIPOutputStream(out)) {
      packed.write(content);
    }
    return out.toByteArray();
  }

  private void source(SourceType type, String name, byte[] content) throws IOException {
    jobs.type = type;
    jobs.source = Files.write(jobs.root.resolve("in").resolve(name), content);
  }

  private Path folder() throws IOException {
    Path folder = jobs.folder("in/vm");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    return folder;
  }

  private VmJob loaded() throws IOException {
    VmJob job = jobs.job();
    jobs.load().prepare(job);
    return job;
  }

  private static void assertFails(FailureCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .satisfies(
            e -> {
              FailureCode found =
                  e instanceof ImageRefusedException refused
                      ? refused.code()
                      : ((StageFailedException) e).code();
              assertThat(found).as(e.getMessage()).isEqualTo(code);
            });
  }

  /** What recovery reads after a crash; not of the source. */
  private static final String JOB_RECORD = "job.json";

  private static List<String> names(VmJob job) throws IOException {
    try (Stream<Path> list = Files.list(job.directory())) {
      return list.map(path -> path.getFileName().toString())
          .filter(name -> !name.equals(JOB_RECORD))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OVA", "AUTO"})
  void theDisksOfAnOvaStayInIt(SourceType type) throws IOException {
    source(type, "vm.ova", tar());

    VmJob job = loaded();

    assertThat(names(job)).isEmpty();
    assertThat(LoadResult.of(job).disks())
        .extracting(d -> d.origin().member())
        .containsExactly("one.vmdk", "two.vmdk");
    VmDisk first = LoadResult.of(job).disks().get(0);
    assertThat(first.sourceName())
        .contains(
            "\"driver\":\"vmdk\"", "\"offset\":2048", "\"size\":66048", jobs.source.toString());
    assertThat(jobs.load().overlay(first).arguments())
        .containsSubsequence("-b", first.sourceName(), "-F", "vmdk");
    assertThat(LoadResult.of(job).disks())
        .extracting(d -> d.target().getFileName().toString())
        .containsExactly("web.qcow2", "web-disk2.qcow2");
  }

  @Test
  void theReportNamesArchiveMemberAndHardware() throws IOException {
    files.put(
        "vm.mf",
        ("SHA256(one.vmdk)= "
                + Sha256.of(Files.write(jobs.root.resolve("x"), files.get("one.vmdk"))))
            .getBytes(StandardCharsets.UTF_8));
    files.put("vm.cert", new byte[] {1});
    source(SourceType.OVA, "vm.ova", tar());
    VmJob job = loaded();

    jobs.load().finish(job);

    Map<String, Object> details = JobOutcome.of(job).stages().get(StageName.LOAD).details();
    assertThat(details.get("artifacts").toString())
        .contains(
            "path=" + jobs.source + ", member=one.vmdk, offset_bytes=2048", "member=two.vmdk");
    assertThat(details.get("appliance").toString())
        .isEqualTo(
            "{kind=tar, description=vm.ovf, manifest=vm.mf, manifests=[vm.mf], checksums_verified=[one.vmdk],"
                + " certificate=vm.cert}");
    assertThat(details.get("machine").toString())
        .isEqualTo(
            "{name=vm, hardware=, cpus=2, secure_boot=false, disks=[{id=d1}, {id=d2}],"
                + " network_cards=[], drives=[]}");
    assertThat(MachineJson.read(job.stages())).hasValue(LoadResult.of(job).machine());
    assertThat(JobOutcome.of(job).warnings())
        .containsExactly(
            "the signature in vm.cert was not verified", "vm.mf has no checksum of two.vmdk");
  }

  @Test
  void ofACompressedArchiveOnlyTheDisksAreUnpacked() throws IOException {
    files.put("readme.iso", new byte[100]);
    source(SourceType.AUTO, "vm.tgz", gzip(tar()));

    VmJob job = loaded();

    assertThat(names(job)).containsExactly("disk1.unpacked", "disk2.unpacked");
    assertThat(job.directory().resolve("disk1.unpacked")).hasBinaryContent(files.get("one.vmdk"));
    assertThat(job.directory().resolve("disk2.unpacked")).hasBinaryContent(files.get("two.vmdk"));
    assertThat(LoadResult.of(job).disks().get(0).before().files())
        .extracting(f -> f.path())
        .containsExactly(jobs.source);
    assertThat(jobs.load().overlay(LoadResult.of(job).disks().get(0)).arguments())
        .containsSubsequence("-b", LoadResult.of(job).disks().get(0).sourceName())
        .anyMatch(word -> word.contains(job.directory().resolve("disk1.unpacked").toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vm", "vm/vm.ovf"})
  void theFilesOfAFolderAreTheSource(String name) throws IOException {
    Path folder = folder();
    jobs.source = jobs.root.resolve("in").resolve(name);

    VmJob job = loaded();

    assertThat(names(job)).isEmpty();
    assertThat(LoadResult.of(job).disks().get(0).before().files())
        .extracting(f -> f.path())
        .containsExactly(folder.resolve("vm.ovf"), folder.resolve("one.vmdk"));
    assertThat(LoadResult.of(job).disks().get(1).sourceName())
        .contains(folder.resolve("two.vmdk").toString());
    assertThat(LoadResult.of(job).disks().get(1).origin().window()).isEmpty();
  }

  @Test
  void aLinkAsDiskIsRefused() throws IOException {
    Path folder = folder();
    Path disk = Files.move(folder.resolve("one.vmdk"), jobs.root.resolve("in/elsewhere"));
    Files.createSymbolicLink(folder.resolve("one.vmdk"), disk);
    jobs.source = folder;

    assertFails(FailureCode.ARCHIVE_UNSAFE, this::loaded);
  }

  @Test
  void aLinkedFolderOfDisksIsRefused() throws IOException {
    files.put("vm.ovf", OVF.replace("one.vmdk", "sub/one.vmdk").getBytes(StandardCharsets.UTF_8));
    Path folder = folder();
    Files.createSymbolicLink(folder.resolve("sub"), folder);
    jobs.source = folder;

    assertFails(FailureCode.ARCHIVE_UNSAFE, this::loaded);
  }

  @Test
  void theRootsCountForArchivesToo() throws IOException {
    source(SourceType.OVA, "vm.ova", tar());
    LoadStage load =
        new LoadStage(
            jobs.settings(List.of(jobs.folder("elsewhere")), List.of(jobs.root)),
            new OutputReservations(),
            new SpaceReservations(),
            Jobs.LIMIT);

    assertFails(FailureCode.SOURCE_OUTSIDE_ROOTS, () -> load.prepare(jobs.job()));
  }

  @Test
  void aDescriptionIsNoOva() throws IOException {
    jobs.type = SourceType.OVA;
    jobs.source = folder().resolve("vm.ovf");

    assertThatThrownBy(this::loaded).hasMessageEndingWith("set source_type to ovf");
  }

  @Test
  void anArchiveIsNoOvf() throws IOException {
    source(SourceType.OVF, "vm.ova", tar());

    assertThatThrownBy(this::loaded).hasMessageEndingWith("set source_type to ova");
  }

  @Test
  void anOvaHasNoFurtherDisks() throws IOException {
    source(SourceType.AUTO, "vm.ova", tar());
    jobs.additional = List.of(Files.write(jobs.root.resolve("in/more.img"), new byte[1 << 20]));

    assertFails(FailureCode.FORMAT_MISMATCH, this::loaded);
  }

  @Test
  void theChecksumOfTheManifestIsTheArchives() throws IOException {
    source(SourceType.OVA, "vm.ova", tar());
    jobs.sha256 = Optional.of(Sha256.of(jobs.source));
    assertThat(LoadResult.of(loaded()).disks().get(0).before().sha256()).isEqualTo(jobs.sha256);

    jobs.sha256 = Optional.of("0".repeat(64));
    assertFails(FailureCode.SOURCE_CHECKSUM_MISMATCH, this::loaded);
  }

  @Test
  void aFolderHasNoChecksum() throws IOException {
    jobs.source = folder();
    jobs.sha256 = Optional.of("0".repeat(64));

    assertFails(FailureCode.SOURCE_NOT_REGULAR, this::loaded);
  }

  @Test
  void anInterruptedReadIsACancellation() throws IOException {
    source(SourceType.OVA, "vm.tgz", gzip(tar()));
    Thread.currentThread().interrupt();
    try {
      assertFails(FailureCode.CANCELLED, this::loaded);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anAmiIsARawDisk() throws IOException {
    source(SourceType.AMI, "disk", new byte[1 << 20]);
    assertThat(LoadResult.of(loaded()).disks().get(0).source().format()).isEqualTo(ImageFormat.RAW);

    source(SourceType.AMI, "disk", TestImages.vmdk());
    assertFails(FailureCode.FORMAT_MISMATCH, this::loaded);
  }

  @ParameterizedTest
  @EnumSource(names = {"AMI", "AUTO"})
  void anAmiIsAnArchiveWithOneRawDisk(SourceType type) throws IOException {
    files.clear();
    files.put("photon/readme.txt", new byte[5]);
    files.put("photon/photon.raw", new byte[1 << 20]);
    source(type, "photon.tar.gz", gzip(tar()));

    VmJob job = loaded();

    assertThat(names(job)).containsExactly("disk1.unpacked");
    assertThat(job.directory().resolve("disk1.unpacked")).hasSize(1 << 20);
    assertThat(LoadResult.of(job).disks().get(0).source().format()).isEqualTo(ImageFormat.RAW);
    assertThat(LoadResult.of(job).ovf()).isEmpty();

    source(type, "photon.tar", tar());
    assertThat(names(loaded())).isEmpty();
  }

  @Test
  void anAmiMustHoldOneRawDisk() throws IOException {
    source(SourceType.AMI, "vm.tar.gz", gzip(tar()));
    assertFails(FailureCode.FORMAT_UNSUPPORTED, this::loaded);

    files.clear();
    files.put("disk.raw", TestImages.vmdk());
    source(SourceType.AMI, "vm.tar.gz", gzip(tar()));
    assertFails(FailureCode.FORMAT_MISMATCH, this::loaded);
  }

  @Test
  void aBundleOfEc2IsExplained() throws IOException {
    source(SourceType.AMI, "image.manifest.xml", "<manifest/>".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(this::loaded).hasMessageContaining("EC2 image bundle");

    files.clear();
    files.put("image.part.00", new byte[5]);
    files.put("image.manifest.xml", new byte[5]);
    source(SourceType.AUTO, "bundle.tar", tar());
    assertThatThrownBy(this::loaded).hasMessageContaining("EC2 image bundle");
  }
}
