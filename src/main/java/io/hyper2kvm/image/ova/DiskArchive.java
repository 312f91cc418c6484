package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ova.container.ArchiveContainer;
import io.hyper2kvm.image.ova.container.ArchiveRefusals;
import io.hyper2kvm.image.ova.container.Member;
import io.hyper2kvm.text.Printable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** An archive that holds one raw disk and, as a rule, nothing else. */
final class DiskArchive {

  private static final Pattern EC2_PART = Pattern.compile(".*\\.part\\.\\d+");

  private final Path source;
  private final ArchiveContainer container;

  DiskArchive(Path source, ArchiveContainer container) {
    this.source = source;
    this.container = container;
  }

  /** Whether there is a file that is named like a disk, or only one file. */
  static boolean looksLikeOne(ArchiveContainer container) {
    List<Member> files = files(container);
    return files.size() == 1
        || files.stream().anyMatch(DiskArchive::isNamedRaw)
        || files.stream().anyMatch(member -> isOfEc2Bundle(member.baseName()));
  }

  /** Whether the name is one of EC2's bundles: a manifest, and the encrypted parts of an image. */
  static boolean isOfEc2Bundle(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".manifest.xml") || EC2_PART.matcher(lower).matches();
  }

  OvaPackage read() {
    List<Member> files = files(container);
    files.stream()
        .filter(member -> isOfEc2Bundle(member.baseName()))
        .findFirst()
        .ifPresent(
            member -> {
              throw ec2Bundle(source, member.name());
            });
    List<Member> raw = files.stream().filter(DiskArchive::isNamedRaw).toList();
    List<Member> candidates = raw.isEmpty() ? files : raw;
    if (candidates.size() != 1) {
      throw ArchiveRefusals.unsupported(
          source,
          "it must hold one raw disk, and holds %s"
              .formatted(
                  candidates.isEmpty()
                      ? "no file"
                      : Printable.of(
                          String.join(", ", candidates.stream().map(Member::name).toList()))),
          "Unpack it and name the disk with source_type raw; several disks are additional_disks.");
    }
    Member disk = candidates.get(0);
    Optional<ImageFormat> rawOnly = Optional.of(ImageFormat.RAW);
    Optional<ImageFacts> facts =
        container.inPlace() ? Optional.of(DiskProbe.window(disk, rawOnly)) : Optional.empty();
    return new OvaPackage(
        source,
        container,
        new OvaPackage.Contents(
            Optional.empty(),
            Optional.empty(),
            List.of(
                new OvaDisk(
                    disk.name(),
                    List.of(disk),
                    false,
                    OptionalLong.empty(),
                    rawOnly,
                    facts,
                    facts.map(image -> disk))),
            SumCheck.none(source, container),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of()));
  }

  /** Such a bundle can only be opened with its owner's key. */
  static RuntimeException ec2Bundle(Path source, String name) {
    return ArchiveRefusals.unsupported(
        source,
        "%s belongs to an EC2 image bundle, whose parts are encrypted for the owner's account"
            .formatted(Printable.of(name)),
        "Unbundle it with ec2-unbundle and the private key, and name the raw image.");
  }

  /** macOS packs {@code ._name} beside a file. */
  private static List<Member> files(ArchiveContainer container) {
    return container.all().stream().filter(member -> !member.baseName().startsWith("._")).toList();
  }

  private static boolean isNamedRaw(Member member) {
    String name = member.baseName().toLowerCase(Locale.ROOT);
    return name.endsWith(".raw") || name.endsWith(".img") || name.endsWith(".ami");
  }
}
