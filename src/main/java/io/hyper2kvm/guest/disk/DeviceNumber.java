package io.hyper2kvm.guest.disk;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device that is named by the kernel's number, as a kernel command line ({@code root=0802},
 * {@code root=8:2}) and the links below {@code /dev/block} name it. Disks on virtio have other
 * numbers.
 */
public final class DeviceNumber {

  /** The kernel takes hexadecimal digits: the minor number in the last two, and above the major. */
  private static final Pattern HEXADECIMAL = Pattern.compile("(?:0[xX])?([0-9a-fA-F]{3,8})");

  private static final Pattern DECIMAL =
      Pattern.compile("(?:/dev/block/)?([0-9]{1,4}):([0-9]{1,7})");

  private static final int SCSI = 8;
  private static final int IDE = 3;
  private static final int SECOND_IDE = 22;
  private static final int XEN = 202;

  private DeviceNumber() {}

  /** Whether the value of {@code root=} or {@code resume=} is such a number. */
  public static boolean is(String value) {
    return HEXADECIMAL.matcher(value).matches() || DECIMAL.matcher(value).matches();
  }

  /** The kernel's name of that device, {@code /dev/sda2}; empty where the number is not fixed. */
  public static Optional<String> name(String value) {
    Matcher decimal = DECIMAL.matcher(value);
    if (decimal.matches()) {
      return name(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    Matcher hexadecimal = HEXADECIMAL.matcher(value);
    if (!hexadecimal.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(hexadecimal.group(1), 16);
    return name((int) (number >> 8 & 0xfff), (int) (number & 0xff | number >> 12 & 0xfff00));
  }

  private static Optional<String> name(int major, int minor) {
    return switch (major) {
      case SCSI -> name("sd", 'a', minor, 16);
      case IDE -> name("hd", 'a', minor, 64);
      case SECOND_IDE -> name("hd", 'c', minor, 64);
      case XEN -> name("xvd", 'a', minor, 16);
      default -> Optional.empty();
    };
  }

  /** Each disk has so many numbers, the first of which is its own. */
  private static Optional<String> name(String family, char first, int minor, int numbers) {
    int partition = minor % numbers;
    return minor < 256
        ? Optional.of(
            "/dev/%s%c%s"
                .formatted(
                    family, (char) (first + minor / numbers), partition == 0 ? "" : partition))
        : Optional.empty();
  }
}
