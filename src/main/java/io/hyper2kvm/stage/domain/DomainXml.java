package io.hyper2kvm.stage.domain;

import io.hyper2kvm.stage.machine.MachineDisk;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes a domain as libvirt reads it, after https://libvirt.org/formatdomain.html. Every device is
 * virtio, as FIX prepares the guest for it; what libvirt chooses well by itself is left out.
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
    open("cpu", "mode", "host-passthrough", "check", "none");
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

  private void os(DomainDefinition domain) throws XMLStreamException {
    if (domain.uefi()) {
      open("os", "firmware", "efi");
      text("type", "hvm", "arch", "x86_64", "machine", "q35");
      open("firmware");
      String enabled = domain.secureBoot() ? "yes" : "no";
      empty("feature", "enabled", enabled, "name", "enrolled-keys");
      empty("feature", "enabled", enabled, "name", "secure-boot");
      close();
    } else {
      open("os");
      text("type", "hvm", "arch", "x86_64", "machine", "q35");
    }
    close();
  }

  private void devices(DomainDefinition domain) throws XMLStreamException {
    open("devices");
    int index = 0;
    for (DomainDisk disk : domain.disks()) {
      open("disk", "type", "file", "device", "disk");
      empty("driver", "name", "qemu", "type", disk.format(), "discard", "unmap");
      empty("source", "file", disk.path().toString());
      empty("target", "dev", diskName(index), "bus", "virtio");
      empty("boot", "order", Integer.toString(bootOrder(index, domain.bootDisk())));
      if (disk.sectorSize() != MachineDisk.USUAL_SECTOR) {
        String bytes = Integer.toString(disk.sectorSize());
        empty("blockio", "logical_block_size", bytes, "physical_block_size", bytes);
      }
      close();
      index++;
    }
    for (NetworkCard card : domain.cards()) {
      open("interface", "type", "network");
      if (card.mac().isPresent()) {
        empty("mac", "address", card.mac().get());
      }
      empty("source", "network", "default");
      empty("model", "type", "virtio");
      if (!card.connected()) {
        empty("link", "state", "down");
      }
      close();
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

  /** The boot disk is tried first; the names and the order on the bus stay the guest's. */
  private static int bootOrder(int index, int bootDisk) {
    if (index == bootDisk) {
      return 1;
    }
    return index < bootDisk ? index + 2 : index + 1;
  }

  /** {@code vda}, …, {@code vdz}, {@code vdaa}, as the kernel counts. */
  static String diskName(int index) {
    StringBuilder letters = new StringBuilder();
    for (int rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
      letters.insert(0, (char) ('a' + (rest - 1) % 26));
    }
    return "vd" + letters;
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
