package io.hyper2kvm.manifest.model;

/** How the clusters of a compressed qcow2 are packed. */
public enum CompressionType {
  /** The default; read by QEMU 5.1 and later. */
  ZSTD("zstd"),
  /** Read by every QEMU. */
  ZLIB("zlib");

  private final String text;

  CompressionType(String text) {
    this.text = text;
  }

  /** The manifest's word for it, and qemu-img's. */
  public String text() {
    return text;
  }
}
