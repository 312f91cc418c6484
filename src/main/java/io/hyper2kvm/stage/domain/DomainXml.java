package io.hyper2kvm.stage.domain;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.stage.machine.MachineDisk;
import java.util.List;
import javax.xml.stream.XMLStreamException;

/**
 * Writes a domain as libvirt reads it, after https://libvirt.org/formatdomain.html. What libvirt
 * chooses well by itself is left out.
 */
public final class DomainXml {

  private final IndentedXml xml;

  private DomainXml(IndentedXml xml) {
    this.xml = xml;
  }

  /** The domain's XML, in UTF-8. */
  public static byte[] of(DomainDefinition domain) {
    try {
      IndentedXml xml = new IndentedXml();
      new DomainXml(xml).write(domain);
      return xml.end();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a domain that cannot be written as XML", e);
    }
  }

  private void write(DomainDefinition domain) throws XMLStreamException {
    xml.open("domain", "type", "kvm");
    xml.text("name", domain.name());
    if (!domain.description().isEmpty()) {
      xml.text("description", domain.description());
    }
    xml.text("memory", Long.toString(domain.memoryMib()), "unit", "MiB");
    xml.text("vcpu", Integer.toString(domain.vcpus()));
    os(domain);
    xml.open("features");
    xml.empty("acpi");
    xml.empty("apic");
    if (domain.secureBoot()) {
      xml.empty("smm", "state", "on");
    }
    if (domain.system().isWindows()) {
      hyperv();
    }
    xml.close();
    cpu(domain.cpu());
    xml.empty(
        "topology",
        "sockets",
        Integer.toString(domain.vcpus() / domain.coresPerSocket()),
        "cores",
        Integer.toString(domain.coresPerSocket()),
        "threads",
        "1");
    xml.close();
    clock(domain.system());
    xml.text("on_poweroff", "destroy");
    xml.text("on_reboot", "restart");
    xml.text("on_crash", "restart");
    devices(domain);
    xml.close();
  }

  /** What Windows finds under Hyper-V, and works better with; QEMU's document on it names them. */
  private void hyperv() throws XMLStreamException {
    xml.open("hyperv", "mode", "custom");
    for (String name : List.of("relaxed", "vapic")) {
      xml.empty(name, "state", "on");
    }
    xml.empty("spinlocks", "state", "on", "retries", "8191");
    for (String name : List.of("vpindex", "runtime", "synic", "stimer", "frequencies")) {
      xml.empty(name, "state", "on");
    }
    xml.close();
  }

  /** Windows keeps the local time in the clock, and loses ticks that come late. */
  private void clock(GuestSystem system) throws XMLStreamException {
    if (!system.isWindows()) {
      xml.empty("clock", "offset", "utc");
      return;
    }
    xml.open("clock", "offset", "localtime");
    xml.empty("timer", "name", "rtc", "tickpolicy", "catchup");
    xml.empty("timer", "name", "pit", "tickpolicy", "delay");
    xml.empty("timer", "name", "hpet", "present", "no");
    xml.empty("timer", "name", "hypervclock", "present", "yes");
    xml.close();
  }

  /** Opens the element of the processor; the topology follows in it. */
  private void cpu(String cpu) throws XMLStreamException {
    switch (cpu) {
      case "host-passthrough", "maximum" -> xml.open("cpu", "mode", cpu, "check", "none");
      case "host-model" -> xml.open("cpu", "mode", cpu);
      default -> {
        xml.open("cpu", "mode", "custom", "match", "exact");
        // Another one in its place would be found out at the next migration only.
        xml.text("model", cpu, "fallback", "forbid");
      }
    }
  }

  private void os(DomainDefinition domain) throws XMLStreamException {
    // The machine q35 has no IDE.
    String machine = domain.diskBus() == DiskBus.IDE ? "pc" : "q35";
    if (domain.uefi()) {
      xml.open("os", "firmware", "efi");
      xml.text("type", "hvm", "arch", "x86_64", "machine", machine);
      xml.open("firmware");
      String enabled = domain.secureBoot() ? "yes" : "no";
      xml.empty("feature", "enabled", enabled, "name", "enrolled-keys");
      xml.empty("feature", "enabled", enabled, "name", "secure-boot");
      xml.close();
    } else {
      xml.open("os");
      xml.text("type", "hvm", "arch", "x86_64", "machine", machine);
    }
    xml.close();
  }

  private void devices(DomainDefinition domain) throws XMLStreamException {
    String bus = domain.diskBus().text();
    xml.open("devices");
    if (domain.diskBus() == DiskBus.SCSI) {
      // libvirt's own choice is another controller.
      xml.empty("controller", "type", "scsi", "index", "0", "model", "virtio-scsi");
    }
    int index = 0;
    for (DomainDisk disk : domain.disks()) {
      xml.open("disk", "type", "file", "device", "disk");
      xml.empty("driver", "name", "qemu", "type", disk.format(), "discard", "unmap");
      xml.empty("source", "file", disk.path().toString());
      xml.empty("target", "dev", diskName(domain.diskBus(), index), "bus", bus);
      xml.empty("boot", "order", Integer.toString(domain.bootOrder(index)));
      if (disk.sectorSize() != MachineDisk.USUAL_SECTOR) {
        String bytes = Integer.toString(disk.sectorSize());
        xml.empty("blockio", "logical_block_size", bytes, "physical_block_size", bytes);
      }
      if (domain.diskBus() == DiskBus.SCSI) {
        // A target each: not every firmware starts from another unit than 0.
        xml.empty(
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
      xml.close();
      index++;
    }
    for (DomainCard card : domain.cards()) {
      card(card, domain.cardModel());
    }
    xml.open("serial", "type", "pty");
    xml.empty("target", "port", "0");
    xml.close();
    xml.open("console", "type", "pty");
    xml.empty("target", "type", "serial", "port", "0");
    xml.close();
    xml.open("channel", "type", "unix");
    xml.empty("target", "type", "virtio", "name", "org.qemu.guest_agent.0");
    xml.close();
    if (domain.hasTpm()) {
      xml.open("tpm", "model", "tpm-crb");
      xml.empty("backend", "type", "emulator", "version", "2.0");
      xml.close();
    }
    xml.empty("input", "type", "tablet", "bus", "usb");
    xml.open("graphics", "type", "vnc", "autoport", "yes");
    xml.empty("listen", "type", "address", "address", "127.0.0.1");
    xml.close();
    xml.open("video");
    xml.empty("model", "type", "vga");
    xml.close();
    xml.open("rng", "model", "virtio");
    xml.text("backend", "/dev/urandom", "model", "random");
    xml.close();
    xml.empty("memballoon", "model", "virtio");
    xml.close();
  }

  private void card(DomainCard card, CardModel model) throws XMLStreamException {
    DomainNetwork network = card.network();
    xml.open("interface", "type", network.kind().text());
    if (card.mac().isPresent()) {
      xml.empty("mac", "address", card.mac().get());
    }
    xml.empty("source", network.kind().text(), network.name());
    if (network.vlan().isPresent()) {
      xml.open("vlan");
      xml.empty("tag", "id", Integer.toString(network.vlan().getAsInt()));
      xml.close();
    }
    xml.empty("model", "type", model.text());
    if (!card.connected()) {
      xml.empty("link", "state", "down");
    }
    xml.close();
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
}
