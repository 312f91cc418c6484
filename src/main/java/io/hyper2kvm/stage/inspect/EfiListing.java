package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.uefi.EfiPartition;
import io.hyper2kvm.guest.boot.uefi.EfiProgram;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Lists what on the EFI system partitions has to do with booting. Each is mounted for itself, for
 * reading: no other file system is mounted before and afterwards.
 */
public final class EfiListing {

  /**
   * A partition to be listed.
   *
   * @param device what is mounted to reach it
   * @param place in an operator's words
   * @param disk the index of its disk
   * @param fileSystem its file system, as blkid calls it
   */
  public record Place(String device, String place, int disk, String fileSystem) {}

  private static final int MOST_PROGRAMS = 64;
  private static final int MOST_TEXTS = 64;
  private static final int MOST_TEXT_BYTES = 64 << 10;
  private static final String STARTUP_SCRIPT = "/startup.nsh";
  private static final List<String> FOLDERS = List.of("/EFI", "/loader/entries");

  /** Those that decide come first: there may be more programs than are looked into. */
  private static final List<Pattern> FIRST =
      List.of(
          Pattern.compile("(?i)/efi/boot/[^/]*"),
          Pattern.compile("(?i)/efi/[^/]*/(shim|grub|fb|mm|systemd-boot|refind)[^/]*"),
          Pattern.compile("(?i)/efi/microsoft/boot/bootmgfw\\.efi"),
          Pattern.compile("(?i)/efi/[^/]*/[^/]*"));

  private static final Pattern MAY_BE_SHIM =
      Pattern.compile("(?i)/efi/([^/]*/shim[^/]*|boot/boot[^/]*)\\.efi");
  private static final Pattern TEXT =
      Pattern.compile("(?i)/efi/[^/]*/(grub\\.cfg|refind\\.conf|boot[^/]*\\.csv)");

  private final Supplier<List<Place>> where;
  private List<Place> places = List.of();
  private final Map<Place, List<String>> programs = new LinkedHashMap<>();
  private final Map<Place, SortedMap<String, String>> texts = new LinkedHashMap<>();
  private final Map<Place, Long> freeBytes = new LinkedHashMap<>();

  /**
   * A listing.
   *
   * @param where the partitions, asked for when their turn has come
   */
  public EfiListing(Supplier<List<Place>> where) {
    this.where = where;
  }

  /**
   * Adds its questions to a session.
   *
   * @param taker gets the partitions, in the order of their places
   */
  public void ask(GuestfishSession session, Consumer<List<EfiPartition>> taker) {
    session
        .then(this::askNames, this::takeNames)
        .then(this::askContents, answers -> taker.accept(partitions(answers)));
  }

  private GuestfishScript askNames() {
    places = List.copyOf(where.get());
    GuestfishScript script = new GuestfishScript();
    for (Place place : places) {
      if (place.fileSystem().equals("vfat")) {
        script
            .run("mount-ro", place.device(), "/")
            .ask(place.device() + "/mounted", "mountpoints")
            .ask(place.device() + "/free", "statvfs", "/")
            .ask(place.device() + "/script", "is-file", STARTUP_SCRIPT);
        FOLDERS.forEach(folder -> script.ask(place.device() + folder, "find", folder));
        script.run("umount-all");
      }
    }
    return script;
  }

  private void takeNames(GuestfishAnswers answers) {
    for (Place place : places) {
      if (!answers.has(place.device() + "/mounted")) {
        continue;
      }
      List<String> names = new ArrayList<>();
      SortedMap<String, String> known = new TreeMap<>();
      for (String folder : FOLDERS) {
        for (String line : answers.text(place.device() + folder).split("\n")) {
          String path = line.startsWith("/") ? folder + line : folder + "/" + line;
          if (path.toLowerCase(Locale.ROOT).endsWith(".efi")) {
            names.add(path);
          } else if (!line.isEmpty() && isText(path) && known.size() < MOST_TEXTS) {
            known.put(path, "");
          }
        }
      }
      if (answers.isTrue(place.device() + "/script")) {
        known.put(STARTUP_SCRIPT, "");
      }
      names.sort(Comparator.comparing(EfiListing::order));
      programs.put(place, names.subList(0, Math.min(names.size(), MOST_PROGRAMS)));
      texts.put(place, known);
      freeBytes.put(place, free(answers.pairs(place.device() + "/free")));
    }
  }

  private static boolean isText(String path) {
    return TEXT.matcher(path).matches() || path.startsWith("/loader/entries/");
  }

  private static int order(String path) {
    int order = 0;
    while (order < FIRST.size() && !FIRST.get(order).matcher(path).matches()) {
      order++;
    }
    return order;
  }

  private static long free(Map<String, String> facts) {
    try {
      return Math.multiplyExact(
          Long.parseLong(facts.getOrDefault("bfree", "")),
          Long.parseLong(facts.getOrDefault("frsize", "")));
    } catch (NumberFormatException | ArithmeticException e) {
      // What does not say how much is free is found out when it is written to.
      return Long.MAX_VALUE;
    }
  }

  private GuestfishScript askContents() {
    GuestfishScript script = new GuestfishScript();
    programs.forEach(
        (place, names) -> {
          script.run("mount-ro", place.device(), "/");
          for (String path : names) {
            boolean whole = MAY_BE_SHIM.matcher(path).matches();
            script
                .ask(place.device() + path + "/size", "filesize", path)
                .read(
                    place.device() + path,
                    path,
                    whole ? EfiProgram.WHOLE_BYTES : EfiProgram.HEAD_BYTES);
          }
          texts.get(place).keySet().stream()
              .filter(path -> TEXT.matcher(path).matches())
              .forEach(path -> script.read(place.device() + path, path, MOST_TEXT_BYTES));
          script.run("umount-all");
        });
    return script;
  }

  private List<EfiPartition> partitions(GuestfishAnswers answers) {
    List<EfiPartition> partitions = new ArrayList<>();
    for (Place place : places) {
      List<EfiProgram> found = new ArrayList<>();
      for (String path : programs.getOrDefault(place, List.of())) {
        program(place, path, answers).ifPresent(found::add);
      }
      SortedMap<String, String> known = texts.getOrDefault(place, new TreeMap<>());
      known.replaceAll((path, text) -> answers.bytesAsText(place.device() + path));
      partitions.add(
          new EfiPartition(
              place.device(),
              place.place(),
              place.disk(),
              place.fileSystem(),
              programs.containsKey(place),
              freeBytes.getOrDefault(place, 0L),
              found,
              known));
    }
    return partitions;
  }

  /** A folder may have such a name, too. */
  private static Optional<EfiProgram> program(Place place, String path, GuestfishAnswers answers) {
    String size = answers.text(place.device() + path + "/size").strip();
    return size.matches("\\d{1,12}")
        ? Optional.of(
            EfiProgram.of(path, Long.parseLong(size), answers.bytes(place.device() + path)))
        : Optional.empty();
  }
}
