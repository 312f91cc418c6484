package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.ova.container.Member;
import io.hyper2kvm.image.probe.ImageProbe;
import io.hyper2kvm.text.Printable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the headers of an OVA's disk. The bytes decide what it is. What the description says counts
 * only where one of the two is a raw disk: that is no word for bytes that are not understood.
 */
final class DiskProbe {

  private static final ImageProbe PROBE = new ImageProbe();
  private static final int SECTOR = 512;

  private DiskProbe() {}

  /** The format of a format's URI in a description; empty for one that is not known here. */
  static Optional<ImageFormat> declared(String uri) {
    String word = uri.toLowerCase(Locale.ROOT);
    if (word.contains("vmdk")) {
      return Optional.of(ImageFormat.VMDK);
    }
    if (word.contains("qcow")) {
      return Optional.of(ImageFormat.QCOW2);
    }
    if (word.contains("vhdx")) {
      return Optional.of(ImageFormat.VHDX);
    }
    // Microsoft's link to the specification of VHD, as VirtualBox and XenServer write it.
    return word.contains("vhd") || word.contains("linkid=137171")
        ? Optional.of(ImageFormat.VPC)
        : Optional.empty();
  }

  /** A disk that is a file of its own. */
  static ImageFacts file(Path file, Optional<ImageFormat> declared) {
    ImageFormat found = PROBE.sniff(file);
    ImageFacts facts = PROBE.probe(file, expected(found, declared));
    if (facts.differencing()) {
      throw OvaRefusals.differencing(file);
    }
    return facts;
  }

  /**
   * The part of an archive that QEMU is given for a member: whole sectors, for it takes no others.
   * What fills the last sector up is the archive's own padding. A raw disk has no odd end.
   *
   * @return empty when the archive has no padding there
   */
  static Optional<Member> inSectors(Member member, long archiveSize) {
    long more = (SECTOR - member.size() % SECTOR) % SECTOR;
    if (more == 0
        || PROBE.sniff(member.file(), member.offset(), member.size()) == ImageFormat.RAW) {
      return Optional.of(member);
    }
    return member.offset() + member.size() + more > archiveSize
        ? Optional.empty()
        : Optional.of(
            new Member(member.name(), member.file(), member.offset(), member.size() + more));
  }

  /** A disk within an archive. */
  static ImageFacts window(Member member, Optional<ImageFormat> declared) {
    try {
      ImageFormat found = PROBE.sniff(member.file(), member.offset(), member.size());
      return PROBE.probe(member.file(), member.offset(), member.size(), expected(found, declared));
    } catch (ImageRefusedException e) {
      throw within(member.name(), e);
    }
  }

  /** The same refusal, which says what it was about within the OVA. */
  static ImageRefusedException within(String member, ImageRefusedException refused) {
    return ImageRefusedException.causedBy(
        refused.code(),
        "the disk \"%s\" in %s".formatted(Printable.of(member), refused.getMessage()),
        refused.hint(),
        refused);
  }

  /** The same refusal of what a differencing disk and its parents show. */
  static ImageRefusedException merged(Path leaf, ImageRefusedException refused) {
    return ImageRefusedException.causedBy(
        refused.code(),
        "%s with its parents: %s".formatted(Printable.of(leaf), refused.getMessage()),
        refused.hint(),
        refused);
  }

  private static ImageFormat expected(ImageFormat found, Optional<ImageFormat> declared) {
    boolean decides = found == ImageFormat.RAW || declared.equals(Optional.of(ImageFormat.RAW));
    return decides ? declared.orElse(found) : found;
  }

  /** The warning that a description is wrong about a disk's format; empty when it is not. */
  static List<String> difference(
      String where, String id, Optional<ImageFormat> declared, ImageFacts facts) {
    if (declared.isEmpty() || declared.get() == facts.format()) {
      return List.of();
    }
    return List.of(
        "%s calls the disk \"%s\" %s, and it is %s"
            .formatted(where, id, declared.get().description(), facts.format().description()));
  }
}
