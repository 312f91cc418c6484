package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.ova.VmxFolder;
import io.hyper2kvm.image.probe.TestImages;
import io.hyper2kvm.manifest.model.NetworkCardSpec;
import io.hyper2kvm.manifest.model.SourceType;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.load.LoadStage;
import io.hyper2kvm.stage.load.OutputReservations;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.MachineJson;
import io.hyper2kvm.stage.machine.NetworkCard;
import io.hyper2kvm.stage.outcome.JobOutcome;
import io.hyper2kvm.stage.space.SpaceReservations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LOAD of VMs with their VMX: types, roots, report. */
class LoadVmxTest {

  private static final String SECOND =
      """
      vtpm.present = "FALSE"
      sata0.present = "TRUE"
      sata0:0.present = "TRUE"
      sata0:0.fileName = "data.vmdk"
      ethernet1.present = "TRUE"
      ethernet1.virtualDev = "vmxnet3"
      ethernet1.networkName = "Storage"
      ethernet1.addressType = "static"
      ethernet1.address = "00:50:56:01:02:03"
      ethernet1.pciSlotNumber = "192"
      """;

  @TempDir Path directory;
  private Jobs jobs;
  private Path folder;

  @BeforeEach
  void vm() throws IOException {
    jobs = new Jobs(directory.toRealPath());
    folder = jobs.folder("in/web");
    Files.writeString(folder.resolve("web.vmx"), VmxFolder.VMX + SECOND);
    Files.write(folder.resolve("web.vmdk"), TestImages.vmdk());
    Files.write(folder.resolve("data.vmdk"), TestImages.streamOptimized());
    jobs.source = folder.resolve("web.vmx");
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

  @ParameterizedTest
  @CsvSource({"VMX, web.vmx", "VMX, ''", "AUTO, web.vmx", "AUTO, ''"})
  void aDescriptionAndItsFolderAreSources(SourceType type, String name) throws IOException {
    jobs.type = type;
    jobs.source = name.isEmpty() ? folder : folder.resolve(name);

    VmJob job = loaded();

    assertThat(LoadResult.of(job).disks())
        .extracting(d -> d.source().path())
        .containsExactly(folder.resolve("web.vmdk"), folder.resolve("data.vmdk"));
    assertThat(LoadResult.of(job).disks().get(0).before().files())
        .extracting(f -> f.path())
        .containsExactly(folder.resolve("web.vmx"), folder.resolve("web.vmdk"));
  }

  @Test
  void theReportHasTheMachine() throws IOException {
    Files.writeString(
        folder.resolve("web.vmsd"), "snapshot.numSnapshots = \"0\"\nsnapshot.lastUID = \"4\"\n");
    VmJob job = loaded();

    jobs.load().finish(job);

    Map<String, Object> details = JobOutcome.of(job).stages().get(StageName.LOAD).details();
    assertThat(details.get("appliance").toString())
        .isEqualTo(
            "{kind=folder, description=web.vmx, checksums_verified=[], nvram=web.nvram,"
                + " snapshots=0}");
    assertThat(details.get("machine").toString())
        .startsWith(
            "{name=web, hardware=vmx-19, guest_os=debian12-64, memory_bytes=2147483648, cpus=1,"
                + " firmware=bios, secure_boot=false, disks=[{id=scsi0:0, controller=scsi,"
                + " controller_model=lsilogic, controller_address=0, controller_id=scsi0, unit=0},"
                + " {id=sata0:0, controller=sata,")
        .contains("mac=00:0c:29:3e:5f:a1", "network=nat", "slot=33", "slot=192");
    assertThat(JobOutcome.of(job).warnings()).isEmpty();
  }

  @Test
  void theMachineOfTheReportIsTheOneThatWasRead() throws IOException {
    Files.writeString(
        folder.resolve("web.vmx"),
        VmxFolder.VMX + SECOND.replace("FALSE", "TRUE") + "firmware = \"efi\"\n");
    VmJob job = loaded();
    jobs.load().finish(job);

    MachineDescription machine = LoadResult.of(job).machine();
    assertThat(machine.tpm()).isTrue();
    assertThat(machine.startsByUefi()).isTrue();
    assertThat(MachineJson.read(job.stages())).hasValue(machine);
    assertThat(JobOutcome.of(job).warnings())
        .singleElement()
        .asString()
        .contains("line 18", "virtual TPM", "recovery key");
  }

  @Test
  void theManifestNamesTheCards() throws IOException {
    jobs.cards =
        List.of(new NetworkCardSpec(Optional.of("lan0"), Optional.of("00:50:56:01:02:03")));

    assertThat(LoadResult.of(loaded()).machine().cards())
        .extracting(NetworkCard::name)
        .containsExactly(Optional.empty(), Optional.of("lan0"));
  }

  @Test
  void aTemplateIsAMachine() throws IOException {
    jobs.source = Files.move(folder.resolve("web.vmx"), folder.resolve("web.vmtx"));

    assertThat(LoadResult.of(loaded()).ovf().orElseThrow().description()).isEqualTo("web.vmtx");
  }

  @Test
  void anOvfInAFolderCountsBeforeAVmx() throws IOException {
    Files.writeString(folder.resolve("web.ovf"), "<Envelope/>");
    jobs.source = folder;

    assertThatThrownBy(this::loaded).hasMessageContaining("describes no virtual machine");

    jobs.type = SourceType.VMX;
    assertThat(LoadResult.of(loaded()).disks()).hasSize(2);
  }

  @Test
  void theRootsCountForItsDisksToo() throws IOException {
    LoadStage load =
        new LoadStage(
            jobs.settings(List.of(jobs.folder("elsewhere")), List.of(jobs.root)),
            new OutputReservations(),
            new SpaceReservations(),
            Jobs.LIMIT);

    assertFails(FailureCode.SOURCE_OUTSIDE_ROOTS, () -> load.prepare(jobs.job()));
  }

  @ParameterizedTest
  @CsvSource({
    "VMX, web.vmdk, set source_type to vmdk",
    "OVF, web.vmx, set source_type to vmx",
    "OVA, web.vmx, set source_type to vmx",
    "VMDK, web.vmx, but it is a VMX text",
    "RAW, web.vmx, but it is a VMX text",
    "VMX, web.ovf, set source_type to ovf",
  })
  void anotherTypeIsTold(SourceType type, String name, String message) throws IOException {
    Files.writeString(folder.resolve("web.ovf"), "<Envelope/>");
    jobs.type = type;
    jobs.source = folder.resolve(name);

    assertFails(FailureCode.FORMAT_MISMATCH, this::loaded);
    assertThatThrownBy(this::loaded).hasMessageContaining(message);
  }

  @Test
  void aFolderThatIsNoOvfIsToldToBeAVmx() {
    jobs.type = SourceType.OVF;
    jobs.source = folder;

    assertThatThrownBy(this::loaded)
        .isInstanceOfSatisfying(
            ImageRefusedException.class,
            e -> assertThat(e.hint()).isEqualTo("Set source_type to vmx, or leave it out."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello world", "[web]\nmemsize = 512\n"})
  void aTextThatNobodyCanReadIsNoRawDisk(String text) throws IOException {
    Files.writeString(jobs.source, text);

    assertFails(FailureCode.OVF_INVALID, this::loaded);
  }

  @Test
  void itHasNoFurtherDisks() throws IOException {
    jobs.additional = List.of(Files.write(jobs.root.resolve("in/more.img"), new byte[1 << 20]));

    assertFails(FailureCode.FORMAT_MISMATCH, this::loaded);
  }

  @Test
  void theChecksumIsTheDescriptions() throws IOException {
    jobs.sha256 = Optional.of(Sha256.of(jobs.source));
    assertThat(LoadResult.of(loaded()).disks().get(0).before().sha256()).isEqualTo(jobs.sha256);

    jobs.sha256 = Optional.of("0".repeat(64));
    assertFails(FailureCode.SOURCE_CHECKSUM_MISMATCH, this::loaded);

    jobs.source = folder;
    assertFails(FailureCode.SOURCE_NOT_REGULAR, this::loaded);
  }

  @ParameterizedTest
  @CsvSource({
    "checkpoint.vmState = \"web.vmss\", VM_SUSPENDED",
    "encryption.keySafe = \"vmware:key\", VM_ENCRYPTED"
  })
  void aVmThatIsNotPlainIsRefused(String line, FailureCode code) throws IOException {
    Files.writeString(jobs.source, VmxFolder.VMX + line + "\n");

    assertFails(code, this::loaded);
  }
}
