package io.hyper2kvm.stage.domain;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.stage.machine.MachineDisk;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes a domain as libvirt reads it, after https://libvirt.org/formatdomain.html. What libvirt
 * chooses well by itself is left out.
 */
public final class DomainXml {

  private final XMLStreamWriter xml;
  private int depth;
  private boolean begun;

  private DomainXml(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /** The domain's XML, in UTF-8. */
  public static byte[] of(DomainDefinition domain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter writer =
          XMLOutputFactory.newInstance()
              .createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
      new DomainXml(writer).write(domain);
      writer.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a domain that cannot be written as XML", e);
    }
    return bytes.toByteArray();
  }

  private void write(DomainDefinition domain) throws XMLStreamException {
    open("domain", "type", "kvm");
    text("name", domain.name());
    if (!domain.description().isEmpty()) {
      text("description", domain.description());
    }
    text("memory", Long.toString(domain.memoryMib()), "unit", "MiB");
    text("vcpu", Integer.toString(domain.vcpus()));
    os(domain);
    open("features");
    empty("acpi");
    empty("apic");
    if (domain.secureBoot()) {
      empty("smm", "state", "on");
    }
    close();
    cpu(domain.cpu());
    empty(
        "topology",
        "sockets",
        Integer.toString(domain.vcpus() / domain.coresPerSocket()),
        "cores",
        Integer.toString(domain.coresPerSocket()),
        "threads",
        "1");
    close();
    empty("clock", "offset", "utc");
    text("on_poweroff", "destroy");
    text("on_reboot", "restart");
    text("on_crash", "restart");
    devices(domain);
    close();
    xml.writeCharacters("\n");
  }

  /** Opens the element of the processor; the topology follows in it. */
  private void cpu(String cpu) throws XMLStreamException {
    switch (cpu) {
      case "host-passthrough", "maximum" -> open("cpu", "mode", cpu, "check", "none");
      case "host-model" -> open("cpu", "mode", cpu);
      default -> {
        open("cpu", "mode", "custom", "match", "exact");
        // Another one in its place would be found out at the next migration only.
        text("model", cpu, "fallback", "forbid");
      }
    }
  }

  private void os(DomainDefinition domain) throws XMLStreamException {
    // The machine q35 has no IDE.
    String machine = domain.diskBus() == DiskBus.IDE ? "pc" : "q35";
    if (domain.uefi()) {
      open("os", "firmware", "efi");
      text("type", "hvm", "arch", "x86_64", "machine", machine);
      open("firmware");
      String enabled = domain.secureBoot() ? "yes" : "no";
      empty("feature", "enabled", enabled, "name", "enrolled-keys");
      empty("feature", "enabled", enabled, "name", "secure-boot");
      close();
    } else {
      open("os");
      text("type", "hvm", "arch", "x86_64", "machine", machine);
    }
    close();
  }

  private void devices(DomainDefinition domain) throws XMLStreamException {
    String bus = domain.diskBus().text();
    open("devices");
    if (domain.diskBus() == DiskBus.SCSI) {
      // libvirt's own choice is another controller.
      empty("controller", "type", "scsi", "index", "0", "model", "virtio-scsi");
    }
    int index = 0;
    for (DomainDisk disk : domain.disks()) {
      open("disk", "type", "file", "device", "disk");
      empty("driver", "name", "qemu", "type", disk.format(), "discard", "unmap");
      empty("source", "file", disk.path().toString());
      empty("target", "dev", diskName(domain.diskBus(), index), "bus", bus);
      empty("boot", "order", Integer.toString(bootOrder(index, domain.bootDisk())));
      if (disk.sectorSize() != MachineDisk.USUAL_SECTOR) {
        String bytes = Integer.toString(disk.sectorSize());
        empty("blockio", "logical_block_size", bytes, "physical_block_size", bytes);
      }
      if (domain.diskBus() == DiskBus.SCSI) {
        // A target each: not every firmware starts from another unit than 0.
        empty(
            "address",
            "type",
            "drive",
            "controller",
            "0",
            "bus",
            "0",
            "target",
            Integer.toString(index),
            "unit",
            "0");
      }
      close();
      index++;
    }
    for (DomainCard card : domain.cards()) {
      card(card, domain.cardModel());
    }
    open("serial", "type", "pty");
    empty("target", "port", "0");
    close();
    open("console", "type", "pty");
    empty("target", "type", "serial", "port", "0");
    close();
    open("channel", "type", "unix");
    empty("target", "type", "virtio", "name", "org.qemu.guest_agent.0");
    close();
    empty("input", "type", "tablet", "bus", "usb");
    open("graphics", "type", "vnc", "autoport", "yes");
    empty("listen", "type", "address", "address", "127.0.0.1");
    close();
    open("video");
    empty("model", "type", "vga");
    close();
    open("rng", "model", "virtio");
    text("backend", "/dev/urandom", "model", "random");
    close();
    empty("memballoon", "model", "virtio");
    close();
  }

  private void card(DomainCard card, CardModel model) throws XMLStreamException {
    DomainNetwork network = card.network();
    open("interface", "type", network.kind().text());
    if (card.mac().isPresent()) {
      empty("mac", "address", card.mac().get());
    }
    empty("source", network.kind().text(), network.name());
    if (network.vlan().isPresent()) {
      open("vlan");
      empty("tag", "id", Integer.toString(network.vlan().getAsInt()));
      close();
    }
    empty("model", "type", model.text());
    if (!card.connected()) {
      empty("link", "state", "down");
    }
    close();
  }

  /** The boot disk is tried first; the names and the order on the bus stay the guest's. */
  private static int bootOrder(int index, int bootDisk) {
    if (index == bootDisk) {
      return 1;
    }
    return index < bootDisk ? index + 2 : index + 1;
  }

  /** {@code vda}, …, {@code vdz}, {@code vdaa}, as the kernel counts. */
  static String diskName(DiskBus bus, int index) {
    StringBuilder letters = new StringBuilder();
    for (int rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
      letters.insert(0, (char) ('a' + (rest - 1) % 26));
    }
    String prefix =
        switch (bus) {
          case VIRTIO -> "vd";
          case SCSI, SATA -> "sd";
          case IDE -> "hd";
        };
    return prefix + letters;
  }

  private void open(String name, String... attributes) throws XMLStreamException {
    line();
    xml.writeStartElement(name);
    attributes(attributes);
    depth++;
  }

  private void close() throws XMLStreamException {
    depth--;
    line();
    xml.writeEndElement();
  }

  private void empty(String name, String... attributes) throws XMLStreamException {
    line();
    xml.writeEmptyElement(name);
    attributes(attributes);
  }

  private void text(String name, String text, String... attributes) throws XMLStreamException {
    line();
    xml.writeStartElement(name);
    attributes(attributes);
    xml.writeCharacters(text);
    xml.writeEndElement();
  }

  private void attributes(String... attributes) throws XMLStreamException {
    for (int i = 0; i < attributes.length; i += 2) {
      xml.writeAttribute(attributes[i], attributes[i + 1]);
    }
  }

  private void line() throws XMLStreamException {
    if (begun) {
      xml.writeCharacters("\n" + "  ".repeat(depth));
    }
    begun = true;
  }
}
