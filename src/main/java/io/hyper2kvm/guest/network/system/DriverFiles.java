package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Driver names in modprobe's configuration and in the list of modules. */
public final class DriverFiles implements ConfigurationSystem {
  private static final String MODPROBE_FOLDER = "/etc/modprobe.d/";
  private static final String MODPROBE = "/etc/modprobe.conf";
  private static final String MODULES = "/etc/modules";

  private static SortedMap<String, String> modprobe(GuestFiles files) {
    SortedMap<String, String> all = new TreeMap<>(files.in(MODPROBE_FOLDER, ""));
    String single = files.text().get(MODPROBE);
    if (single != null) {
      all.put(MODPROBE, single);
    }
    return all;
  }

  @Override
  public void read(GuestFiles files, Survey survey) {
    // Module aliases outlive the cards they were written for, so no name is learned here.
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    modprobe(files)
        .forEach(
            (path, text) -> {
              TextEdit file = new TextEdit(path, text);
              for (int i = 0; i < file.lineCount(); i++) {
                modprobe(file, i, repair);
              }
              repair.accept(file);
            });
    String modules = files.text().get(MODULES);
    if (modules != null) {
      TextEdit file = new TextEdit(MODULES, modules);
      for (int i = 0; i < file.lineCount(); i++) {
        List<String> words = words(file.line(i));
        if (!words.isEmpty() && Hardware.oldDriver(words.get(0))) {
          file.removeLine(i, "module-list", Repair.STALE_DRIVER);
        }
      }
      repair.accept(file);
    }
  }

  private static void modprobe(TextEdit file, int index, Repair repair) {
    List<String> words = words(file.line(index));
    if (words.size() == 3 && words.get(0).equals("alias") && Hardware.oldDriver(words.get(2))) {
      if (InterfaceName.looksLikeCard(words.get(1))) {
        String line = file.line(index);
        int end = line.lastIndexOf(words.get(2));
        file.replaceLine(
            index,
            line.substring(0, end)
                + Hardware.VIRTIO_NET
                + line.substring(end + words.get(2).length()),
            "modprobe-alias",
            Repair.STALE_DRIVER);
      }
    } else if (words.size() >= 2
        && words.get(0).equals("blacklist")
        && words.get(1).equals(Hardware.VIRTIO_NET)) {
      repair.findings().note(file, index, "the guest was told not to load this driver by itself");
      repair
          .findings()
          .warning(
              "%s line %d keeps the driver of the new network card from loading"
                  .formatted(file.file(), index + 1));
    }
  }

  private static List<String> words(String line) {
    String text = line.strip();
    return text.startsWith("#")
        ? List.of()
        : List.of(text.split("\\s+", 8)).stream().filter(word -> !word.isEmpty()).toList();
  }
}
