package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code conf/conf.d/cryptroot} in an initramfs of initramfs-tools with a cryptsetup before 2.0.3:
 * {@code target=sda2_crypt,source=/dev/sda2,key=none}.
 */
final class CryptrootConf {

  private static final String RULE = "crypttab.stabilize";
  private static final Pattern SOURCE = Pattern.compile("\\bsource=(/dev/[^,\\s]{1,200})");

  private CryptrootConf() {}

  /** Gives the sources stable names; one that cannot be resolved stays, with a warning. */
  static Edited stabilize(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    Matcher source = SOURCE.matcher(text);
    for (int i = 0; i < TextEdit.MAX_NOTES && source.find(); i++) {
      String device = source.group(1);
      if (DeviceNames.isUnstable(device)) {
        Optional<GuestPartition> partition =
            disks.resolve(device).filter(it -> it.fsType().equals("crypto_LUKS"));
        Optional<String> name = partition.flatMap(disks::stableName);
        if (name.isPresent()) {
          edit.replace(
              source.start(1),
              source.end(1),
              name.get(),
              RULE,
              device + " can change between hypervisors; it is " + partition.get().place());
        } else {
          edit.warn(source.start(1), device + " stays: it leads to no encrypted volume of this VM");
        }
      }
    }
    return edit.result();
  }
}
