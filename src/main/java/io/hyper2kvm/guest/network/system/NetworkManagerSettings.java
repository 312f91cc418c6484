package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.IniLine;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * NetworkManager's own configuration: lists of devices that it leaves alone, gives no connection by
 * itself, or treats in a way of their own, by driver or by hardware address.
 */
public final class NetworkManagerSettings implements ConfigurationSystem {
  private static final String FOLDER = "/etc/NetworkManager/conf.d/";
  private static final String FILE = "/etc/NetworkManager/NetworkManager.conf";

  /** The keys whose values are lists of devices. */
  private static final Set<String> DEVICES =
      Set.of(
          "unmanaged-devices",
          "no-auto-default",
          "match-device",
          "ignore-carrier",
          "assume-ipv6ll-only");

  private static SortedMap<String, String> files(GuestFiles files) {
    SortedMap<String, String> all = new TreeMap<>(files.in(FOLDER, ".conf"));
    Optional.ofNullable(files.text().get(FILE)).ifPresent(text -> all.put(FILE, text));
    return all;
  }

  @Override
  public void read(GuestFiles files, Survey survey) {
    // What is left alone is no configuration of an interface, so nothing is learned here.
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    files(files)
        .forEach(
            (path, text) -> {
              TextEdit file = new TextEdit(path, text);
              IniLine.of(file).forEach(line -> edit(file, line, repair));
              repair.accept(file);
            });
  }

  private static void edit(TextEdit file, IniLine line, Repair repair) {
    String key =
        line.key().endsWith("+") ? line.key().substring(0, line.key().length() - 1) : line.key();
    if (!DEVICES.contains(key.strip()) && line.value().indexOf("driver:") < 0) {
      return;
    }
    String now = IniLine.mapWords(line.value(), word -> device(word, file, line, repair));
    if (!now.equals(line.value())) {
      String text = file.line(line.index());
      int equals = text.indexOf('=');
      file.replaceLine(
          line.index(),
          text.substring(0, equals + 1) + text.substring(equals + 1).replace(line.value(), now),
          "networkmanager-device",
          "names devices by what the new cards do not have");
    }
  }

  /**
   * One device of a list: {@code mac:…}, an address alone, {@code driver:…}, with or without
   * except.
   */
  private static String device(String word, TextEdit file, IniLine line, Repair repair) {
    String except = word.startsWith("except:") ? "except:" : "";
    String bare = word.substring(except.length());
    if (bare.startsWith("driver:") && Hardware.oldDriver(bare.substring("driver:".length()))) {
      return except + "driver:" + Hardware.VIRTIO_NET;
    }
    Optional<String> mac =
        Hardware.mac(bare.startsWith("mac:") ? bare.substring("mac:".length()) : bare);
    if (mac.isEmpty()) {
      return word;
    }
    if (repair.absent(mac.get())) {
      repair.findings().note(file, line.index(), Repair.ABSENT_CARD);
      return word;
    }
    Optional<String> name = repair.keptName(mac.get());
    if (name.isPresent()) {
      return except + "interface-name:" + name.get();
    }
    repair.findings().note(file, line.index(), "a setting for a card by its old address");
    repair
        .findings()
        .warning(
            "%s line %d: %s is for the card %s, and has no effect on a card with another address; name the card as interface-name: there if it is still wanted"
                .formatted(file.file(), line.index() + 1, line.key(), mac.get()));
    return word;
  }
}
