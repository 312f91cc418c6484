package io.hyper2kvm.manifest.model;

/** The format of a converted disk. */
public enum OutputFormat {
  QCOW2("qcow2"),
  RAW("raw"),
  VDI("vdi");

  private final String text;

  OutputFormat(String text) {
    this.text = text;
  }

  /** The manifest's word for it. */
  public String text() {
    return text;
  }

  /** The name that qemu-img knows it by. */
  public String qemuName() {
    return text;
  }

  /** The extension of a file of this format, without the dot. */
  public String extension() {
    return text;
  }

  /** Whether a disk of this format can be written compressed. */
  public boolean compressible() {
    return this == QCOW2;
  }
}
