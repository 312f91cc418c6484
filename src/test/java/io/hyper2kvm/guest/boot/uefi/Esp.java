package io.hyper2kvm.guest.boot.uefi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** An EFI system partition for tests, and the programs on it. */
public final class Esp {

  public static final String ROOT_UUID = "11111111-2222-4333-8444-000000000001";
  public static final String STUB =
      """
      search.fs_uuid %s root hd0,gpt2
      set prefix=($root)'/boot/grub'
      configfile $prefix/grub.cfg
      """
          .formatted(ROOT_UUID);

  private final String device;
  private final int disk;
  private String fileSystem = "vfat";
  private boolean read = true;
  private long freeBytes = 100 << 20;
  private final List<EfiProgram> programs = new ArrayList<>();
  private final TreeMap<String, String> texts = new TreeMap<>();

  private Esp(String device, int disk) {
    this.device = device;
    this.disk = disk;
  }

  static Esp first() {
    return new Esp("/dev/sda1", 0);
  }

  static Esp second() {
    return new Esp("/dev/sdb1", 1);
  }

  /** Adds programs for x64 that hold nothing but their own names. */
  Esp with(String... paths) {
    for (String path : paths) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      put(path, pe(EfiProcessor.X64, name));
    }
    return this;
  }

  Esp put(String path, byte[] content) {
    programs.add(EfiProgram.of(path, content.length, content));
    return this;
  }

  Esp text(String path, String text) {
    texts.put(path, text);
    return this;
  }

  Esp withFreeBytes(long bytes) {
    freeBytes = bytes;
    return this;
  }

  Esp withFileSystem(String type) {
    fileSystem = type;
    return this;
  }

  Esp unread() {
    read = false;
    return this;
  }

  EfiPartition partition() {
    return new EfiPartition(
        device,
        "disk %d, partition 1 (%s)".formatted(disk + 1, fileSystem),
        disk,
        fileSystem,
        read,
        freeBytes,
        programs,
        texts);
  }

  /** What grub-install leaves on a Debian with shim: everything but the removable-media path. */
  static Esp debian() {
    return first()
        .put("/EFI/debian/shimx64.efi", shim("grubx64.efi", "fbx64.efi", "mmx64.efi"))
        .with("/EFI/debian/grubx64.efi", "/EFI/debian/mmx64.efi", "/EFI/debian/fbx64.efi")
        .text("/EFI/debian/grub.cfg", STUB);
  }

  static UefiGuest guest(String distribution, String... like) {
    return new UefiGuest(
        true,
        distribution,
        List.of(like),
        "grub2",
        EfiProcessor.of("x86_64"),
        false,
        Set.of(ROOT_UUID, "C0FF-EE11"));
  }

  /** A shim with these names in it. */
  static byte[] shim(String... names) {
    return pe(EfiProcessor.X64, "shim", names);
  }

  /** The head of an EFI application, with words in it as UTF-16. */
  public static byte[] pe(EfiProcessor processor, String content, String... names) {
    return pe(processor.machine(), 10, content, List.of(".text", ".data"), names);
  }

  static byte[] pe(
      int machine, int subsystem, String content, List<String> sections, String... names) {
    ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0, new byte[] {'M', 'Z'}).putInt(60, 128);
    bytes.putInt(128, 0x4550).putShort(132, (short) machine);
    bytes.putShort(134, (short) sections.size()).putShort(148, (short) 240);
    bytes.putShort(152, (short) 0x20b).putShort(220, (short) subsystem);
    int at = 392;
    for (String section : sections) {
      bytes.put(at, section.getBytes(StandardCharsets.US_ASCII));
      at += 40;
    }
    bytes.position(1024);
    bytes.put(content.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
    for (String name : names) {
      bytes.put(("\\" + name + "\0").getBytes(StandardCharsets.UTF_16LE));
    }
    return bytes.array();
  }
}
