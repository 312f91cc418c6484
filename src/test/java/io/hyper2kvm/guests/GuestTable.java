package io.hyper2kvm.guests;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The text of docs/guests.md, made of what the tests found. */
public final class GuestTable {

  static final Path DOCUMENT = Path.of("docs/guests.md");
  private static final Path SPECIFICATIONS = Path.of("src/test/guests/real");
  private static final Pattern WORDS =
      Pattern.compile(
          "(?:^|(?<= ))(distribution|storage|boot|network)='([^']*)'", Pattern.MULTILINE);

  /** A row of the table; sorted by its text. */
  private record Row(
      String distribution, String storage, String boot, String network, String result) {
    String text() {
      return "| %s |".formatted(String.join(" | ", distribution, storage, boot, network, result));
    }
  }

  private final List<Row> rows = new ArrayList<>();
  private final List<RecordedGuest> recorded = new ArrayList<>();
  private final List<String> unrecorded = new ArrayList<>();

  private GuestTable() {}

  /** Writes docs/guests.md anew; the current folder is a source tree. */
  public static void writeDocument() throws IOException {
    Files.writeString(DOCUMENT, ofThisTree().text());
  }

  /** From the recorded runs, the golden trees and the tests of this source tree. */
  static GuestTable ofThisTree() throws IOException {
    GuestTable table = new GuestTable();
    table.addReal(RecordedGuest.read(RecordedGuest.FILE), specifications(SPECIFICATIONS));
    table.addGolden(GoldenGuest.all());
    table.addRefused(
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("io.hyper2kvm"));
    return table;
  }

  /** From these records alone, of guests with these specifications: name, then key and word. */
  static GuestTable of(
      Map<String, RecordedGuest> records, Map<String, Map<String, String>> specifications) {
    GuestTable table = new GuestTable();
    table.addReal(records, specifications);
    return table;
  }

  /** The words of each guest's specification, by the guest's name. */
  private static Map<String, Map<String, String>> specifications(Path folder) throws IOException {
    Map<String, Map<String, String>> guests = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        Map<String, String> words = new TreeMap<>();
        Matcher word = WORDS.matcher(Files.readString(file));
        while (word.find()) {
          words.put(word.group(1), word.group(2));
        }
        guests.put(file.getFileName().toString().replaceFirst("\\.sh$", ""), words);
      }
    }
    return guests;
  }

  /** A record counts only for the guest as its specification describes it now. */
  private void addReal(
      Map<String, RecordedGuest> records, Map<String, Map<String, String>> specifications) {
    specifications.forEach(
        (name, words) -> {
          RecordedGuest found = records.get(name);
          if (found == null || !words.equals(words(found))) {
            unrecorded.add(name);
            return;
          }
          recorded.add(found);
          rows.add(
              new Row(
                  found.distribution(),
                  found.storage(),
                  found.boot(),
                  found.network(),
                  found.booted() ? "**booted**" : "**does not boot**"));
        });
  }

  private static Map<String, String> words(RecordedGuest guest) {
    return new TreeMap<>(
        Map.of(
            "distribution", guest.distribution(),
            "storage", guest.storage(),
            "boot", guest.boot(),
            "network", guest.network()));
  }

  private void addGolden(Collection<GoldenGuest> guests) {
    for (GoldenGuest guest : guests) {
      rows.add(
          new Row(
              guest.distribution(),
              guest.storage(),
              guest.boot(),
              guest.network(),
              "fixed by golden files"));
    }
  }

  private void addRefused(JavaClasses tests) {
    tests.stream()
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.isAnnotatedWith(RefusedGuest.class))
        .map(GuestTable::refused)
        .forEach(rows::add);
  }

  private static Row refused(JavaMethod test) {
    RefusedGuest guest = test.getAnnotationOfType(RefusedGuest.class);
    return new Row(
        guest.distribution(),
        guest.storage(),
        guest.boot(),
        guest.network(),
        "refused: " + guest.reason());
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Guests

        Which guests the tests have tried. A test makes this file of what it finds in the source tree, and fails if the
        file differs: do not edit it ([CONTRIBUTING.md](../CONTRIBUTING.md#test)).

        - **booted**: a real guest was built of the distribution's packages, and seen to boot and to answer on the machine
          that it comes from, and not to do so on virtio. After its conversion it booted by its own firmware and loader on
          virtio, with another network address and an empty NVRAM, and answered at its static address on its old interface.
        - **fixed by golden files**: the guest's files were written down as its distribution lays them out; a test compares
          every changed line with the expected one. It was not booted.
        - **refused**: the conversion ends with this failure code, and the guest is not changed. Without `fix` the disk can
          be converted as it is.

        | distribution | storage | boot | network | result |
        |---|---|---|---|---|
        """);
    rows.stream()
        .map(Row::text)
        .sorted(Comparator.comparing((String row) -> rank(row)).thenComparing(row -> row))
        .distinct()
        .forEach(row -> text.append(row).append('\n'));
    text.append(
        """

        ## The recorded run of the real guests
        `bin/test --all` runs all of them and records what it found. Seconds are without KVM, on two cores that other work
        shared: from power-on to the answer on the old machine, the conversion with all fixes, and from power-on to the answer on
        virtio. "Next initramfs": the guest's own tool then built the initramfs of each kernel anew, as a kernel update does,
        and it still drives the disks.

        | guest | date | commit | old machine | unfixed on virtio | conversion | warnings | on virtio | next initramfs |
        |---|---|---|---|---|---|---|---|---|
        """);
    for (RecordedGuest guest : recorded) {
      text.append(
          "| %s | %s | %s | %d s | %s | %d s | %d | %s | %s |%n"
              .formatted(
                  guest.name(),
                  guest.date(),
                  guest.commit(),
                  guest.sourceSeconds(),
                  guest.unfixed(),
                  guest.conversionSeconds(),
                  guest.warnings(),
                  guest.booted() ? guest.bootSeconds() + " s" : "does not boot",
                  guest.nextKernels() == 0
                      ? "not tried"
                      : "kept, kernels: " + guest.nextKernels()));
    }
    if (!unrecorded.isEmpty()) {
      text.append("\nNot run since they were written or changed: ")
          .append(String.join(", ", unrecorded))
          .append(".\n");
    }
    return text.toString();
  }

  private static int rank(String row) {
    if (row.contains("| **")) {
      return 0;
    }
    return row.contains("| refused") ? 2 : 1;
  }
}
