package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.IniLine;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.List;
import java.util.Optional;

/** The {@code /etc/iftab} of very old Debian and Ubuntu guests. */
public final class Iftab implements ConfigurationSystem {
  private static final String FILE = "/etc/iftab";

  @Override
  public void read(GuestFiles files, Survey survey) {
    TextEdit file = file(files);
    for (int i = 0; i < file.lineCount(); i++) {
      String line = file.line(i);
      mac(line)
          .ifPresent(
              mac -> {
                String name = IniLine.split(line).get(0);
                survey.pinned(name, FILE);
                survey.pinnedMac(name, FILE, mac);
              });
    }
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    TextEdit file = file(files);
    for (int i = 0; i < file.lineCount(); i++) {
      if (mac(file.line(i)).isEmpty()) {
        continue;
      }
      String name = IniLine.split(file.line(i)).get(0);
      if (repair.full() && repair.order().names().contains(name) && !repair.kept(name)) {
        repair.unresolved(file, i, repair.order().failure().orElse("the card cannot be told"));
      } else {
        file.removeLine(i, "iftab-pin", Repair.STALE_ADDRESS);
      }
    }
    repair.acceptOrRemove(file);
  }

  private static TextEdit file(GuestFiles files) {
    return new TextEdit(FILE, files.text().getOrDefault(FILE, ""));
  }

  private static Optional<String> mac(String line) {
    if (line.strip().startsWith("#")) {
      return Optional.empty();
    }
    List<String> words = IniLine.split(line);
    int mac = words.indexOf("mac");
    return mac > 0 && mac + 1 < words.size() ? Hardware.mac(words.get(mac + 1)) : Optional.empty();
  }
}
