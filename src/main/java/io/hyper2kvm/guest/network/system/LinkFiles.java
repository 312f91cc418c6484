package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.BusPlace;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.IniLine;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import io.hyper2kvm.guest.network.survey.NameScheme;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names given by {@code .link} files of systemd's udev. */
public final class LinkFiles implements ConfigurationSystem {
  static final String FOLDER = "/etc/systemd/network/";
  static final String OWN_PREFIX = FOLDER + "10-hyper2kvm-";
  private static final List<String> OLD_HYPERVISORS =
      List.of("vmware", "microsoft", "xen", "oracle", "parallels");
  private static final String RULE = "link-match";

  @Override
  public void read(GuestFiles files, Survey survey) {
    files
        .in(FOLDER, ".link")
        .forEach((path, text) -> read(path, IniLine.of(new TextEdit(path, text)), survey));
  }

  private static void read(String path, List<IniLine> lines, Survey survey) {
    List<String> macs = macs(lines);
    macs.forEach(survey::matchedMac);
    Optional<String> name = name(lines);
    if (name.isEmpty()) {
      place(lines).ifPresent(survey.busOrder()::matched);
      return;
    }
    survey.useCard(name.get(), path);
    survey.pinned(name.get(), path);
    places(lines, name.get(), path, survey);
    macs.forEach(mac -> survey.namedMac(name.get(), path, mac));
    if (path.startsWith(OWN_PREFIX)) {
      survey.keptName(name.get());
    }
    if (lines.stream().noneMatch(LinkFiles::stale)) {
      lines.stream()
          .filter(line -> line.is("Match", "OriginalName"))
          .map(IniLine::value)
          .filter(NameScheme.KERNEL::matches)
          .findFirst()
          .ifPresent(
              kernel -> survey.knownPosition(name.get(), (int) NameScheme.lastNumber(kernel)));
    }
  }

  /** The place that a {@code Match} asks for. */
  static Optional<BusPlace> place(List<IniLine> lines) {
    return lines.stream()
        .filter(line -> line.is("Match", "Path"))
        .flatMap(line -> BusPlace.of(String.join("|", line.words())).stream())
        .findFirst();
  }

  /** What the {@code Path=} of a match tells of the place of the card with this name. */
  static void places(List<IniLine> lines, String name, String path, Survey survey) {
    for (IniLine line : lines) {
      if (line.is("Match", "Path")) {
        BusPlace.of(String.join("|", line.words()))
            .ifPresent(place -> survey.busOrder().add(name, place, path, line.index() + 1));
      } else if (line.is("Match", "Driver") && line.value().startsWith("vmxnet")) {
        survey.busOrder().onVmware();
      }
    }
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    files
        .in(FOLDER, ".link")
        .forEach(
            (path, text) -> {
              TextEdit file = new TextEdit(path, text);
              edit(file, IniLine.of(file), repair);
              repair.acceptOrRemove(file);
            });
  }

  private static void edit(TextEdit file, List<IniLine> lines, Repair repair) {
    List<IniLine> match = lines.stream().filter(line -> line.section().equals("Match")).toList();
    Optional<IniLine> firstStale = match.stream().filter(LinkFiles::stale).findFirst();
    Optional<String> written = name(lines);
    Optional<String> name =
        written.isPresent()
            ? written
            : macs(lines).stream()
                .flatMap(mac -> repair.keptName(mac).stream())
                .findFirst()
                .or(() -> place(lines).flatMap(repair::nameAt))
                .or(repair::onlyName);
    if (firstStale.isEmpty()) {
      keep(file, match, written, lines, repair);
      return;
    }
    List<String> macs = macs(lines);
    if (!macs.isEmpty() && macs.stream().allMatch(repair::absent)) {
      repair.findings().note(file, firstStale.get().index(), Repair.ABSENT_CARD);
      return;
    }
    if (written.filter(repair::absentName).isPresent()) {
      for (int i = 0; i < file.lineCount(); i++) {
        file.removeLine(i, RULE, Repair.ABSENT_CARD);
      }
      return;
    }
    Optional<List<String>> wanted =
        name.isPresent()
            ? repair.linkMatch(name.get())
            : repair.single()
                ? Optional.of(List.of("Driver=" + Hardware.VIRTIO_NET))
                : Optional.empty();
    if (wanted.isEmpty()) {
      repair.unresolved(
          file, firstStale.get().index(), repair.order().failure().orElse(Repair.UNKNOWN_CARD));
      return;
    }
    rewrite(file, match, wanted.get());
    if (repair.full() && name.isPresent()) {
      ensureName(file, lines, name.get());
      if (match.stream().allMatch(LinkFiles::tellsCard)) {
        repair.pinnedBy(name.get());
      }
    }
  }

  /** Puts the wanted lines in the place of every line that ties the match to the old card. */
  private static void rewrite(TextEdit file, List<IniLine> match, List<String> wanted) {
    List<String> left = new ArrayList<>(wanted);
    List<IniLine> others = new ArrayList<>();
    int last = -1;
    for (IniLine line : match) {
      if (tellsCard(line)) {
        last = line.index();
        if (!left.remove(line.key() + "=" + line.value())) {
          others.add(line);
        }
      }
    }
    for (IniLine line : others) {
      if (left.isEmpty()) {
        file.removeLine(line.index(), RULE, reason(line));
      } else {
        file.replaceLine(line.index(), left.remove(0), RULE, reason(line));
      }
    }
    for (String more : left) {
      file.addLineAfter(last, more, RULE, "tells the cards apart by the kernel's order");
    }
  }

  /** The first matching file decides alone, so a file that matches a card must name it. */
  private static void ensureName(TextEdit file, List<IniLine> lines, String name) {
    boolean named = false;
    for (IniLine line : lines) {
      if (line.is("Link", "NamePolicy") && !line.value().isEmpty()) {
        file.removeLine(line.index(), "link-name", "would win over the name " + name);
      }
      named |= line.is("Link", "Name");
    }
    if (named) {
      return;
    }
    for (int i = 0; i < file.lineCount(); i++) {
      if (file.line(i).strip().equals("[Link]")) {
        file.addLineAfter(
            i, "Name=" + name, "link-name", "this file is the one applied to the card");
        return;
      }
    }
    file.addLineAfter(file.lineCount() - 1, "[Link]", "link-name", "the section of the name");
    file.addLineAfter(
        file.lineCount() - 1,
        "Name=" + name,
        "link-name",
        "this file is the one applied to the card");
  }

  private static void keep(
      TextEdit file,
      List<IniLine> match,
      Optional<String> name,
      List<IniLine> lines,
      Repair repair) {
    if (!repair.full() || match.isEmpty()) {
      return;
    }
    boolean policy =
        lines.stream().anyMatch(l -> l.is("Link", "NamePolicy") && !l.value().isEmpty());
    List<String> asWritten = match.stream().map(line -> line.key() + "=" + line.value()).toList();
    boolean byCard =
        match.stream()
            .allMatch(
                line ->
                    line.key().equals("Driver") && line.words().contains(Hardware.VIRTIO_NET)
                        || line.key().equals("OriginalName")
                            && NameScheme.KERNEL.matches(line.value()));
    if (byCard && name.isPresent() && !policy) {
      List<String> wanted = repair.linkMatch(name.get()).orElse(asWritten);
      boolean own = file.file().startsWith(OWN_PREFIX);
      if (own && !asWritten.equals(wanted)) {
        rewrite(file, match, wanted);
      }
      repair.pinnedBy(name.get());
    } else if (mayMatchCard(match) && file.file().compareTo(OWN_PREFIX) < 0) {
      String why = "is applied to every card before the files that pin the names";
      if (repair.order().names().isEmpty()) {
        repair.findings().note(file.file(), 0, "", why);
      } else {
        repair.findings().failure(file.file() + " " + why);
      }
    }
  }

  private static boolean mayMatchCard(List<IniLine> match) {
    return match.stream()
        .allMatch(
            line ->
                switch (line.key()) {
                  case "OriginalName" ->
                      line.words().stream().anyMatch(p -> InterfaceName.matches(p, "eth0"));
                  case "Driver" ->
                      line.words().stream()
                          .anyMatch(p -> InterfaceName.matches(p, Hardware.VIRTIO_NET));
                  case "Type" -> line.words().contains("ether");
                  default -> false;
                });
  }

  private static Optional<String> name(List<IniLine> lines) {
    return lines.stream()
        .filter(line -> line.is("Link", "Name"))
        .map(IniLine::value)
        .filter(InterfaceName::safe)
        .findFirst();
  }

  /** The hardware addresses that a {@code Match} asks for. */
  static List<String> macs(List<IniLine> lines) {
    List<String> macs = new ArrayList<>();
    lines.stream()
        .filter(line -> line.section().equals("Match") && address(line))
        .flatMap(line -> line.words().stream())
        .forEach(word -> Hardware.mac(word).ifPresent(macs::add));
    return macs;
  }

  static boolean address(IniLine line) {
    return line.key().equals("MACAddress") || line.key().equals("PermanentMACAddress");
  }

  /** Whether the line is one that a rewritten match replaces. */
  private static boolean tellsCard(IniLine line) {
    return stale(line) || line.key().equals("OriginalName") || line.key().equals("Driver");
  }

  /** Whether the line of a match can only be true on the old machine. */
  static boolean stale(IniLine line) {
    return line.section().equals("Match")
        && !line.value().isEmpty()
        && (address(line)
            || line.key().equals("Virtualization") && OLD_HYPERVISORS.contains(line.value())
            || line.key().equals("Path") && line.words().stream().anyMatch(Hardware::busPlace)
            || line.key().equals("Driver") && line.words().stream().allMatch(Hardware::oldDriver));
  }

  static String reason(IniLine line) {
    if (address(line)) {
      return Repair.STALE_ADDRESS;
    }
    return switch (line.key()) {
      case "Path" -> Repair.STALE_PLACE;
      case "Virtualization" -> "asks for the hypervisor that the guest has left";
      case "Driver" -> Repair.STALE_DRIVER;
      default -> "the card is told by its driver and the kernel's order now";
    };
  }
}
