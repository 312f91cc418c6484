package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.lvm.LvmDevicesFile;
import io.hyper2kvm.guest.lvm.LvmSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The copies that an initramfs has of files that name disks. They keep the root file system away as
 * the guest's own files keep the others.
 */
public final class InitramfsCopies {

  private static final String LVM_LOCAL = "etc/lvm/lvmlocal.conf";
  private static final String LVM_DEVICES = "etc/lvm/devices/system.devices";

  /** What initramfs-tools opens encrypted volumes by, before cryptsetup 2.0.3. */
  private static final String CRYPTROOT = "conf/conf.d/cryptroot";

  private InitramfsCopies() {}

  /**
   * The edits of the copies, by their paths in the initramfs. A devices file of LVM's cannot be
   * taken out of an archive, so LVM is told not to use it.
   *
   * @param initramfs the initramfs's path, for the evidence
   * @param content gives the text of a file in it, one character for each byte
   */
  public static Map<String, Edited> stabilize(
      String initramfs, Function<String, Optional<String>> content, GuestDisks disks) {
    Map<String, Edited> edits = new LinkedHashMap<>();
    for (String file : LvmSettings.FILES) {
      content
          .apply(file.substring(1))
          .map(text -> LvmSettings.stabilize(initramfs + ":" + file.substring(1), text, disks))
          .ifPresent(edited -> edits.put(file.substring(1), edited));
    }
    for (String file : MdadmConf.FILES) {
      content
          .apply(file.substring(1))
          .map(text -> MdadmConf.stabilize(initramfs + ":" + file.substring(1), text, disks))
          .ifPresent(edited -> edits.put(file.substring(1), edited));
    }
    content
        .apply(CRYPTROOT)
        .map(text -> CryptrootConf.stabilize(initramfs + ":" + CRYPTROOT, text, disks))
        .ifPresent(edited -> edits.put(CRYPTROOT, edited));
    if (content.apply(LVM_DEVICES).filter(LvmDevicesFile::isUnstable).isPresent()) {
      String text = Optional.ofNullable(edits.get(LVM_LOCAL)).map(Edited::text).orElse("");
      TextEdit edit = new TextEdit(initramfs + ":" + LVM_LOCAL, text);
      edit.append(
          "devices { use_devicesfile = 0 }",
          "lvm.devices-file",
          LVM_DEVICES + " in the initramfs names disks as the old hypervisor did");
      edits.put(LVM_LOCAL, edit.result());
    }
    List<String> same = new ArrayList<>();
    edits.forEach(
        (file, edited) -> {
          if (!edited.changed() && edited.warnings().isEmpty()) {
            same.add(file);
          }
        });
    same.forEach(edits::remove);
    return edits;
  }
}
