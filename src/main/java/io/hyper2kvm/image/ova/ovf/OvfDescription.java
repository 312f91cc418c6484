package io.hyper2kvm.image.ova.ovf;

import io.hyper2kvm.image.hardware.VirtualHardware;
import io.hyper2kvm.text.Printable;
import java.util.List;

/**
 * What an OVF description says.
 *
 * @param machine its one virtual machine
 * @param warnings what was left out of it, as sentences
 */
public record OvfDescription(VirtualHardware machine, List<String> warnings) {

  public OvfDescription {
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads a description: OVF 1.x and 2.0 (DMTF DSP0243), VMware's draft before them, and oVirt's
   * form of it.
   *
   * @param where its name, for messages
   */
  public static OvfDescription read(byte[] xml, String where) {
    XmlElement envelope = XmlReader.read(xml, where);
    if (!envelope.name().equals("Envelope")) {
      throw OvfRefusals.invalid(
          where, "its root is <%s>, not <Envelope>".formatted(Printable.of(envelope.name())));
    }
    return new OvfSystems(envelope, where).read();
  }
}
