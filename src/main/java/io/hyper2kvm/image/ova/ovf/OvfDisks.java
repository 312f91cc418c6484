package io.hyper2kvm.image.ova.ovf;

import io.hyper2kvm.image.hardware.DiskFile;
import io.hyper2kvm.image.hardware.HardwareController;
import io.hyper2kvm.image.hardware.HardwareDisk;
import io.hyper2kvm.image.hardware.HardwareOrder;
import io.hyper2kvm.image.hardware.VirtualHardware;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The disks in the machine's order, see {@link HardwareOrder}. An item names a disk of the disk
 * section, which names a file of the references, which names a file.
 */
final class OvfDisks {

  private static final String NO_PARENT = "00000000-0000-0000-0000-000000000000";

  private final List<XmlElement> items;
  private final String where;
  private final Map<String, XmlElement> files = new HashMap<>();
  private final Map<String, XmlElement> disks = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private final OvfPlaces places;

  OvfDisks(XmlElement envelope, List<XmlElement> items, String where) {
    this.items = items;
    this.where = where;
    this.places = new OvfPlaces(items, where, warnings);
    envelope
        .children("References")
        .flatMap(references -> references.children("File"))
        .forEach(file -> file.attribute("id").ifPresent(id -> once(files, id, file, "file")));
    envelope.sections("DiskSection").stream()
        .flatMap(section -> section.children("Disk"))
        .forEach(disk -> disk.attribute("diskId").ifPresent(id -> once(disks, id, disk, "disk")));
  }

  private void once(Map<String, XmlElement> map, String id, XmlElement element, String what) {
    if (map.putIfAbsent(id, element) != null) {
      throw invalid(element, "a second %s \"%s\"".formatted(what, Printable.of(id)));
    }
  }

  List<String> warnings() {
    return warnings;
  }

  List<HardwareDisk> read() {
    List<HardwareDisk> found = new ArrayList<>();
    Set<String> used = new HashSet<>();
    Set<String> usedFiles = new HashSet<>();
    Map<String, String> taken = new HashMap<>();
    for (XmlElement item : items) {
      if (isDisk(item)) {
        HardwareDisk disk = disk(item);
        boolean twice = !used.add(disk.id());
        twice |= disk.file().isPresent() && !usedFiles.add(disk.file().get().href());
        if (twice) {
          throw invalid(item, "the disk \"%s\" is attached twice".formatted(disk.id()));
        }
        found.add(disk);
        warnOfSamePlace(item, disk, taken);
      }
    }
    if (found.isEmpty()) {
      throw OvfRefusals.invalid(where, "the hardware has no disk (no Item of resource type 17)");
    }
    if (found.size() > VirtualHardware.MOST_DISKS) {
      throw OvfRefusals.invalid(
          where, "%d disks; at most %d".formatted(found.size(), VirtualHardware.MOST_DISKS));
    }
    for (String id : disks.keySet()) {
      if (!used.contains(Printable.of(id))) {
        warnings.add(
            "%s: the disk \"%s\" is not attached to the machine and is left out"
                .formatted(where, Printable.of(id)));
      }
    }
    return HardwareOrder.of(found);
  }

  private void warnOfSamePlace(XmlElement item, HardwareDisk disk, Map<String, String> taken) {
    if (disk.unit().isEmpty()) {
      return;
    }
    String controller = disk.controller().map(HardwareController::toString).orElse("");
    String other = taken.putIfAbsent(controller + " " + disk.unit().getAsInt(), disk.id());
    if (other != null) {
      warnings.add(
          "%s, line %d: the disk \"%s\" has the place of the disk \"%s\" (unit %d), so the lines decide their order"
              .formatted(where, item.line(), disk.id(), other, disk.unit().getAsInt()));
    }
  }

  /** XenServer's exports call a disk a storage extent, and the drives, too. */
  private static boolean isDisk(XmlElement item) {
    int type = OvfItems.type(item);
    return type == OvfItems.DISK
        || (type == OvfItems.STORAGE_EXTENT
            && item.textOf("HostResource").filter(r -> r.contains("/disk/")).isPresent());
  }

  private HardwareDisk disk(XmlElement item) {
    String resource =
        item.textOf("HostResource")
            .orElseThrow(() -> invalid(item, "a disk item without HostResource"));
    Optional<XmlElement> disk = named(resource);
    if (disk.isEmpty()) {
      // Some refer to the file itself.
      XmlElement file =
          file(resource.replaceFirst("^(ovf:)?/file/", ""))
              .orElseThrow(
                  () ->
                      invalid(
                          item,
                          "HostResource \"%s\" names no disk of the DiskSection"
                              .formatted(Printable.of(resource))));
      String id = Printable.of(resource);
      return new HardwareDisk(
          id,
          Optional.of(reference(file)),
          OptionalLong.empty(),
          "",
          places.controller(item, Optional.empty()),
          places.unit(item));
    }
    XmlElement element = disk.get();
    String id = Printable.of(element.attribute("diskId").orElseThrow());
    refuseParent(element, id);
    Optional<DiskFile> file =
        element
            .attribute("fileRef")
            .map(
                reference ->
                    reference(
                        file(reference)
                            .orElseThrow(
                                () ->
                                    invalid(
                                        element,
                                        "fileRef \"%s\" names no file of the References"
                                            .formatted(Printable.of(reference))))));
    OptionalLong capacity = capacity(element);
    if (file.isEmpty() && (capacity.isEmpty() || capacity.getAsLong() <= 0)) {
      throw invalid(element, "the disk \"%s\" has neither a file nor a capacity".formatted(id));
    }
    return new HardwareDisk(
        id,
        file,
        capacity,
        Printable.of(element.attribute("format").orElse("")),
        places.controller(item, element.attribute("disk-interface")),
        places.unit(item));
  }

  /** {@code ovf:/disk/id}, {@code /disk/id}, or, in oVirt's form, the path of the disk's file. */
  private Optional<XmlElement> named(String resource) {
    String id = resource.replaceFirst("^(ovf:)?/disk/", "");
    return Optional.ofNullable(disks.get(id))
        .or(
            () ->
                disks.values().stream()
                    .filter(d -> d.attribute("fileRef").filter(id::equals).isPresent())
                    .findFirst())
        .or(() -> Optional.ofNullable(disks.get(id.substring(id.lastIndexOf('/') + 1))));
  }

  private Optional<XmlElement> file(String reference) {
    return Optional.ofNullable(files.get(reference))
        .or(
            () ->
                files.values().stream()
                    .filter(f -> f.attribute("href").filter(reference::equals).isPresent())
                    .findFirst());
  }

  private DiskFile reference(XmlElement file) {
    String href = file.attribute("href").orElseThrow(() -> invalid(file, "a file without href"));
    String compression = file.attribute("compression").orElse("").toLowerCase(Locale.ROOT);
    if (!Set.of("", "identity", "gzip").contains(compression)) {
      throw OvfRefusals.compression(where, href, compression);
    }
    OptionalLong chunk = OptionalLong.empty();
    Optional<String> chunkText = file.attribute("chunkSize");
    if (chunkText.isPresent()) {
      if (!chunkText.get().matches("[1-9]\\d{0,17}")) {
        throw invalid(file, "chunkSize \"%s\"".formatted(Printable.of(chunkText.get())));
      }
      chunk = OptionalLong.of(Long.parseLong(chunkText.get()));
    }
    return new DiskFile(href, compression.equals("gzip"), chunk);
  }

  private void refuseParent(XmlElement disk, String id) {
    disk.attribute("parentRef")
        .filter(parent -> !parent.equals(NO_PARENT))
        .ifPresent(
            parent -> {
              throw OvfRefusals.parent(where + ", line " + disk.line(), id);
            });
  }

  private static OptionalLong capacity(XmlElement disk) {
    Optional<String> capacity = disk.attribute("capacity");
    if (capacity.isPresent()) {
      String unit = disk.attribute("capacityAllocationUnits").orElse("byte");
      return AllocationUnits.bytes(capacity.get(), unit);
    }
    // oVirt's own attribute, in GiB.
    return disk.attribute("size")
        .map(size -> AllocationUnits.bytes(size, "GB"))
        .orElse(OptionalLong.empty());
  }

  private RuntimeException invalid(XmlElement element, String found) {
    return OvfRefusals.invalid("%s, line %d".formatted(where, element.line()), found);
  }
}
