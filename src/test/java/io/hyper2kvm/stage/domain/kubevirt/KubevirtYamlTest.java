package io.hyper2kvm.stage.domain.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.manifest.model.VolumeKind;
import io.hyper2kvm.stage.domain.GuestSystem;
import io.hyper2kvm.stage.machine.MachineDescription.Firmware;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KubevirtYamlTest {

  private static final Path FILE = Path.of("/out/web.kubevirt.yaml");

  private static String text(KubevirtVm vm) {
    return new String(KubevirtYaml.of(vm, FILE), StandardCharsets.UTF_8);
  }

  private static List<JsonNode> read(String yaml) throws IOException {
    return new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(yaml).readAll();
  }

  private static List<JsonNode> objects(KubevirtVm vm) {
    return KubevirtObjects.of(vm).stream()
        .map(object -> new ObjectMapper().<JsonNode>valueToTree(object))
        .toList();
  }

  private static Machines everything() {
    Machines machine = new Machines();
    machine.firmware = Firmware.UEFI;
    machine.secureBoot = true;
    machine.system = GuestSystem.WINDOWS_WITH_TPM;
    machine.sectors = List.of(512, 4096);
    machine.cards =
        List.of(
            Machines.card("lan", Optional.of("00:50:56:01:02:03"), false),
            Machines.card("DMZ", Optional.of("00:50:56:00:00:01"), true));
    return machine.multus("DMZ", "lab/1e3");
  }

  @Test
  void theFileHoldsTheObjects() throws IOException {
    KubevirtVm vm = everything().vm();

    assertThat(read(text(vm))).isEqualTo(objects(vm)).hasSize(3);
  }

  @Test
  void textThatYamlWouldTakeForSomethingElseIsQuoted() throws IOException {
    for (String name : List.of("true", "NO", "123", "1e3", "0x1", "null", "y", "2026-01-01")) {
      Machines machine = new Machines();
      machine.name = name;
      machine.cpu = Optional.of("486");
      KubevirtVm vm = machine.vm();

      assertThat(read(text(vm))).as(name).isEqualTo(objects(vm));
    }
  }

  @Test
  void theHeadSaysWhatToDo() {
    assertThat(text(everything().vm()))
        .startsWith("# A VM of KubeVirt's. Nothing is started.")
        .containsSubsequence(
            "#   kubectl apply -f /out/web.kubevirt.yaml\n",
            "#   virtctl image-upload dv web-disk1 --no-create --image-path=/out/web-disk1.qcow2\n",
            "#   virtctl image-upload dv web-disk2 --no-create --image-path=/out/web-disk2.qcow2\n",
            "#   virtctl start web\n",
            "---\n");
  }

  @Test
  void claimsAreMadeByTheUploadBeforeTheVm() {
    Machines machine = new Machines();
    machine.storage = Optional.of(VolumeKind.PVC);

    assertThat(text(machine.vm()))
        .containsSubsequence(
            "#   virtctl image-upload pvc web-disk1 --force-bind --size=10894Mi"
                + " --image-path=/out/web-disk1.qcow2\n",
            "#   kubectl apply -f /out/web.kubevirt.yaml\n");
  }

  @Test
  void aPathCannotLeaveItsComment() throws IOException {
    Machines machine = new Machines();
    Path hostile = Path.of("/out/a\n---\nkind: Pod\n#");
    KubevirtVm vm =
        KubevirtVm.of(
            "web", machine.hardware(), List.of(hostile), OutputFormat.RAW, List.of(1L << 20));

    assertThat(read(text(vm))).isEqualTo(objects(vm)).hasSize(2);
  }
}
