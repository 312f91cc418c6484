package io.hyper2kvm.image.ova;

import static io.hyper2kvm.image.ova.Ovas.resource;
import static io.hyper2kvm.image.ova.Ovas.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import io.hyper2kvm.image.probe.TestImages;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.params.provider.Arguments;

/** The OVA that most variants are made of. */
final class BiosOva {

  static final byte[] VMDK = TestImages.streamOptimized();
  static final byte[] HALF = Arrays.copyOf(VMDK, VMDK.length / 2);
  static final String BIOS = resource("vsphere-bios.ovf");
  static final String ATTACHED = "ovf:/disk/vmdisk1";

  static Arguments reads(String name, Function<Path, Path> make, String expected) {
    return Arguments.of(named(name, make), expected);
  }

  static Ovas bios() {
    return with("vm.ovf", BIOS).and("disk1.vmdk", VMDK);
  }

  static Ovas changed(String what, String to) {
    assertThat(BIOS).contains(what);
    return with("vm.ovf", BIOS.replace(what, to)).and("disk1.vmdk", VMDK);
  }

  /** QEMU's own files can end within a sector. */
  static byte[] odd() {
    return Arrays.copyOf(TestImages.qcow2(), TestImages.qcow2().length + 100);
  }

  static byte[] cut(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  static byte[] backed() {
    byte[] image = TestImages.qcow2();
    ByteBuffer.wrap(image)
        .putLong(8, 512)
        .putInt(16, 11)
        .position(512)
        .put("/etc/passwd".getBytes());
    return image;
  }

  private BiosOva() {}
}
