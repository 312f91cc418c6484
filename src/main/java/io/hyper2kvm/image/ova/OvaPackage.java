package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.hardware.VirtualHardware;
import io.hyper2kvm.image.ova.container.Container;
import io.hyper2kvm.image.ova.container.Member;
import io.hyper2kvm.image.vmx.VmxSnapshots;
import io.hyper2kvm.text.Printable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An OVA, or a VM with its VMX, that was read and not refused, with its archive open. {@link
 * OvaReader} and {@link VmxReader} make it; {@link #ready} makes its disks usable. Used by one
 * thread.
 */
public final class OvaPackage implements Closeable {

  private final Path source;
  private final Container container;
  private final Contents contents;

  /**
   * What only a VMX tells.
   *
   * @param nvram the file with its firmware's settings, as it is named; may be empty
   * @param snapshots the list of its snapshots, when there is one that can be read
   */
  public record VmxFacts(String nvram, Optional<VmxSnapshots> snapshots) {}

  /**
   * What was found in a container.
   *
   * @param description the OVF or VMX description; empty for an archive with a disk only
   * @param machine what it says
   * @param disks in the hardware's order
   * @param sums the checksums to compare
   * @param manifests where they come from
   * @param certificate the signature of a manifest
   * @param vmx what a VMX tells beyond the machine
   */
  record Contents(
      Optional<Member> description,
      Optional<VirtualHardware> machine,
      List<OvaDisk> disks,
      SumCheck sums,
      List<Member> manifests,
      Optional<Member> certificate,
      Optional<VmxFacts> vmx,
      List<String> warnings) {}

  OvaPackage(Path source, Container container, Contents contents) {
    this.source = Objects.requireNonNull(source, "source");
    this.container = container;
    this.contents = contents;
  }

  /** The archive or the folder; absolute, without links. */
  public Path source() {
    return source;
  }

  /** What the source is: {@code tar}, {@code tar.gz}, {@code zip}, {@code folder}, … */
  public String kind() {
    return container.kind();
  }

  /** What a VMX tells beyond the machine; empty for anything else. */
  public Optional<VmxFacts> vmx() {
    return contents.vmx();
  }

  /** The description's name in the OVA or folder; empty for an archive with a disk only. */
  public Optional<String> description() {
    return contents.description().map(Member::name).map(Printable::of);
  }

  /** The hardware that the description describes. */
  public Optional<VirtualHardware> machine() {
    return contents.machine();
  }

  /** How many disks there are; at least one. */
  public int diskCount() {
    return contents.disks().size();
  }

  /** The names of the files with the checksums. */
  public List<String> manifests() {
    return contents.manifests().stream().map(Member::name).map(Printable::of).toList();
  }

  /** The name of the file with the manifest's signature, which is not verified. */
  public Optional<String> certificate() {
    return contents.certificate().map(Member::name).map(Printable::of);
  }

  /** The files whose checksums were compared so far. */
  public List<String> compared() {
    return contents.sums().compared().stream().map(Printable::of).toList();
  }

  /** What an operator should look at, as sentences. */
  public List<String> warnings() {
    List<String> all = new ArrayList<>(contents.warnings());
    all.addAll(contents.sums().warnings());
    if (all.size() <= SumCheck.MOST_WARNINGS) {
      return List.copyOf(all);
    }
    List<String> first = new ArrayList<>(all.subList(0, SumCheck.MOST_WARNINGS));
    first.add("%d more warnings about %s".formatted(all.size() - SumCheck.MOST_WARNINGS, source));
    return List.copyOf(first);
  }

  /**
   * The files of the source that a disk is made of: the archive, or the description (with the first
   * disk) and the disk's own files. A change of one of them is a change of the source.
   */
  public List<Path> files(int disk) {
    OvaDisk wanted = contents.disks().get(disk);
    Set<Path> files = new LinkedHashSet<>();
    if (disk == 0 || wanted.parts().isEmpty()) {
      contents.description().map(Member::file).ifPresent(files::add);
    }
    wanted.parts().forEach(part -> files.add(part.file()));
    wanted.image().map(ImageFacts::files).ifPresent(files::addAll);
    return List.copyOf(files);
  }

  /**
   * Compares every checksum and makes the disks readable: those that QEMU cannot read in their
   * place are written to {@code disk<n>.unpacked} in the folder.
   *
   * @param folder a folder of the caller's, who removes it
   * @return in the hardware's order
   */
  public List<ReadyDisk> ready(Path folder) throws IOException {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < diskCount(); i++) {
      if (contents.disks().get(i).image().isEmpty()) {
        order.add(i);
      }
    }
    // A compressed archive is read once only if its members are taken as they come.
    order.sort(Comparator.comparingLong(i -> firstOffset(contents.disks().get(i))));
    DiskUnpacker unpacker = new DiskUnpacker(source, contents.sums());
    for (int i : order) {
      unpacker.unpack(contents.disks().get(i), unpacked(folder, i));
    }
    contents.sums().rest();
    List<ReadyDisk> ready = new ArrayList<>();
    for (int i = 0; i < diskCount(); i++) {
      ready.add(ready(contents.disks().get(i), unpacked(folder, i)));
    }
    return ready;
  }

  /** The disks that need no unpacking, in the hardware's order; no checksum is compared. */
  public List<ReadyDisk> inPlace() {
    return contents.disks().stream()
        .filter(disk -> disk.image().isPresent())
        .map(OvaPackage::whereItStands)
        .toList();
  }

  private static long firstOffset(OvaDisk disk) {
    return disk.parts().isEmpty() ? -1 : disk.parts().get(0).offset();
  }

  private static Path unpacked(Path folder, int disk) {
    return folder.resolve("disk%d.unpacked".formatted(disk + 1));
  }

  private ReadyDisk ready(OvaDisk disk, Path unpacked) {
    if (disk.image().isPresent()) {
      return whereItStands(disk);
    }
    try {
      // As in an archive: nothing beside it belongs to it.
      Member whole = new Member(disk.member(), unpacked, 0, unpacked.toFile().length());
      ImageFacts facts = DiskProbe.window(whole, disk.declared());
      Path origin =
          disk.parts().isEmpty()
              ? contents.description().orElseThrow().file()
              : disk.parts().get(0).file();
      return new ReadyDisk(facts, origin, Optional.empty(), Printable.of(disk.member()), true);
    } catch (ImageRefusedException e) {
      throw DiskProbe.within(source.toString(), e);
    }
  }

  private static ReadyDisk whereItStands(OvaDisk disk) {
    return new ReadyDisk(
        disk.image().orElseThrow(),
        disk.parts().get(0).file(),
        disk.window(),
        Printable.of(disk.member()),
        false);
  }

  @Override
  public void close() throws IOException {
    container.close();
  }
}
