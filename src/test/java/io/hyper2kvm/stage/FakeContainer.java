package io.hyper2kvm.stage;

import io.hyper2kvm.guest.luks.LuksBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An encrypted container of a {@link FakeGuest}, with the bytes that open it. */
public final class FakeContainer {

  private static final Pattern OPEN =
      Pattern.compile("for n in ([0-9 ]+); do .* (\\S+) (\\S+); r=\\$\\?.*");

  final String device;
  final byte[] header;
  private final byte[] key;
  private final BiConsumer<FakeGuest, String> onOpen;
  private byte[] file = {};

  /** What {@code cryptsetup} answers to any key, in place of trying it. */
  public String answer = "";

  /** How many keys were tried. */
  public int tries;

  /**
   * A container.
   *
   * @param device the device it is on, as libguestfs calls it
   * @param onOpen adds what is in it, on a device of the given name
   */
  public FakeContainer(
      String device, LuksBytes header, String key, BiConsumer<FakeGuest, String> onOpen) {
    this.device = device;
    this.header = header.bytes();
    this.key = key.getBytes(StandardCharsets.ISO_8859_1);
    this.onOpen = onOpen;
  }

  /** The name by which a program in the appliance must call it. */
  String inAppliance() {
    return device.replace("/dev/sd", "/dev/disk/guestfs/guestdisk");
  }

  void uploaded(String path) {
    try {
      file = Files.readAllBytes(Path.of(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String open(String command, FakeGuest guest) {
    tries++;
    if (!answer.isEmpty()) {
      return answer;
    }
    Matcher matcher = OPEN.matcher(command);
    if (!matcher.matches()) {
      return "not understood: " + command;
    }
    for (String size : matcher.group(1).split(" ")) {
      if (Arrays.equals(Arrays.copyOf(file, Integer.parseInt(size)), key)) {
        onOpen.accept(guest, "/dev/mapper/" + matcher.group(3));
        return "status 0";
      }
    }
    return "No key available with this passphrase.\nstatus 2";
  }
}
