package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.ova.container.Container;
import io.hyper2kvm.image.ova.container.Member;
import io.hyper2kvm.image.vmx.VmxSnapshots;
import io.hyper2kvm.image.vmx.VmxSnapshots.Snapshot;
import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the files beside a VMX tell of its VM's state: whether it ran, and whether its snapshots fit
 * its disks. Nothing of it is refused; what contradicts is a warning.
 */
final class VmxState {

  /** A list of snapshots, in bytes; VMware allows 32 of them in a row. */
  private static final int LONGEST_LIST = 1 << 20;

  private final Container container;
  private final Member description;
  private final Map<String, ImageFacts> disks;
  private final List<String> warnings = new ArrayList<>();

  /**
   * The state of one VM.
   *
   * @param disks its disks by their places, such as {@code scsi0:0}
   */
  VmxState(Container container, Member description, Map<String, ImageFacts> disks) {
    this.container = container;
    this.description = description;
    this.disks = disks;
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** VMware makes these while a VM runs, or is suspended, and removes them afterwards. */
  void lookForLocks() {
    Set<Path> used = new LinkedHashSet<>();
    used.add(description.file());
    disks.values().forEach(image -> used.add(image.path()));
    for (Path file : used) {
      String lock = file.getFileName() + ".lck";
      if (Files.exists(file.resolveSibling(lock), LinkOption.NOFOLLOW_LINKS)) {
        warnings.add(
            "%s is there: VMware has the VM open, or had when it was copied; was it off? The disks of a running VM are not consistent"
                .formatted(Printable.of(lock)));
      }
    }
    for (Member file : container.in("")) {
      String name = file.name().toLowerCase(Locale.ROOT);
      // A snapshot may bring the memory that the VM had, too.
      boolean memory = name.endsWith(".vmem") && !name.contains("-snapshot");
      if (name.endsWith(".vswp") || memory) {
        warnings.add(
            "%s is there, which VMware keeps while a VM runs; was it off when it was copied?"
                .formatted(Printable.of(file.name())));
      } else if (name.endsWith(".vmss")) {
        warnings.add(
            "%s is there, the memory of a suspended VM, and the description does not name it; was the guest shut down since?"
                .formatted(Printable.of(file.name())));
      }
    }
  }

  /** The list of the VM's snapshots; empty when there is none that can be read. */
  Optional<VmxSnapshots> snapshots() throws IOException {
    String name = Companions.stem(description.name()) + ".vmsd";
    try {
      Optional<Member> list = container.find(name);
      if (list.isEmpty()) {
        return Optional.empty();
      }
      if (list.get().size() > LONGEST_LIST) {
        warnings.add(
            "%s has %d bytes and is not read".formatted(Printable.of(name), list.get().size()));
        return Optional.empty();
      }
      byte[] bytes;
      try (InputStream in = container.open(list.get())) {
        bytes = in.readNBytes(LONGEST_LIST);
      }
      VmxSnapshots snapshots = VmxSnapshots.read(bytes, Printable.of(name));
      warnings.addAll(snapshots.warnings());
      compare(name, snapshots);
      return Optional.of(snapshots);
    } catch (ImageRefusedException e) {
      warnings.add("the list of snapshots is not read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private void compare(String list, VmxSnapshots snapshots) {
    disks.forEach(
        (place, image) -> {
          if (snapshots.all().isEmpty() && image.parent().isPresent()) {
            warnings.add(
                "%s lists no snapshot, and %s is one on top of %s; all of them together are converted, as VMware would start them"
                    .formatted(
                        Printable.of(list), name(image.path()), name(image.parent().get().path())));
          }
          for (Snapshot snapshot : snapshots.all()) {
            boolean held = file(snapshot, place).filter(image.path()::equals).isPresent();
            if (held) {
              warnings.add(
                  "%s: the snapshot \"%s\" holds %s, and %s names this very file: what was written since the snapshot is not in it; was the description copied with its disks?"
                      .formatted(
                          Printable.of(list),
                          snapshot.name(),
                          name(image.path()),
                          Printable.of(description.name())));
              return;
            }
          }
          snapshots
              .current()
              .flatMap(current -> file(current, place))
              .filter(file -> !chain(image).contains(file))
              .ifPresent(
                  file ->
                      warnings.add(
                          "%s: the VM's current snapshot holds %s, and %s, which %s names, is not on top of it"
                              .formatted(
                                  Printable.of(list),
                                  name(file),
                                  name(image.path()),
                                  Printable.of(description.name()))));
        });
  }

  /** The file that a disk had in a snapshot, if that has the name of one in this folder. */
  private Optional<Path> file(Snapshot snapshot, String place) {
    String name = snapshot.disks().get(place);
    try {
      return name == null || name.startsWith("/")
          ? Optional.empty()
          : Optional.of(description.file().resolveSibling(name).normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Set<Path> chain(ImageFacts image) {
    Set<Path> files = new LinkedHashSet<>();
    for (Optional<ImageFacts> one = Optional.of(image); one.isPresent(); one = one.get().parent()) {
      files.add(one.get().path());
    }
    return files;
  }

  private static String name(Path file) {
    return Printable.of(file.getFileName().toString());
  }
}
