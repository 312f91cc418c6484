package io.hyper2kvm.stage.domain.kubevirt;

import io.hyper2kvm.manifest.model.VolumeKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes a VM of KubeVirt's as a file for {@code kubectl apply}. Comments at its head say what the
 * operator does with it, with the command that uploads each disk.
 */
public final class KubevirtYaml {

  private KubevirtYaml() {}

  /**
   * The file's content, in UTF-8.
   *
   * @param file its name, for the commands
   */
  public static byte[] of(KubevirtVm vm, Path file) {
    YamlText yaml = new YamlText();
    yaml.comment("A VM of KubeVirt's. Nothing is started. Add -n NAMESPACE to each command.");
    if (!vm.domain().description().isEmpty()) {
      yaml.comment(vm.domain().description());
    }
    yaml.comment("");
    boolean claims = vm.storage() == VolumeKind.PVC;
    if (!claims) {
      apply(yaml, file);
    }
    for (int disk = 0; disk < vm.volumeSizes().size(); disk++) {
      yaml.comment(
          "  virtctl image-upload %s %s %s --image-path=%s"
              .formatted(
                  claims ? "pvc" : "dv",
                  vm.volume(disk),
                  claims
                      ? "--force-bind --size=" + VolumeSize.text(vm.volumeSizes().get(disk))
                      : "--no-create",
                  ShellWord.of(vm.domain().disks().get(disk).path().toString())));
    }
    if (claims) {
      apply(yaml, file);
    }
    yaml.comment("  virtctl start " + vm.name());
    KubevirtObjects.of(vm).forEach(yaml::document);
    return yaml.end().getBytes(StandardCharsets.UTF_8);
  }

  private static void apply(YamlText yaml, Path file) {
    yaml.comment("  kubectl apply -f " + ShellWord.of(file.toString()));
  }
}
