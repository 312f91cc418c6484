package io.hyper2kvm.guest.network.survey;

import java.util.Optional;

/** Addresses as configuration files write them. */
public final class IpAddress {
  private IpAddress() {}

  /** An address with its prefix length; as it stands when the mask cannot be read. */
  public static String cidr(String address, Optional<String> maskOrPrefix) {
    if (address.indexOf('/') >= 0 || maskOrPrefix.isEmpty()) {
      return address;
    }
    String mask = maskOrPrefix.get();
    int prefix = mask.indexOf('.') >= 0 ? prefixOfMask(mask) : number(mask);
    return prefix < 0 || prefix > 128 ? address : address + "/" + prefix;
  }

  /** Whether the text may be an address; names and keywords are not. */
  static boolean looksLikeOne(String text) {
    if (text.isEmpty() || text.length() > 64) {
      return false;
    }
    boolean separator = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      separator |= c == '.' || c == ':';
      if (Character.digit(c, 16) < 0 && c != '.' && c != ':' && c != '/' && c != '%') {
        return false;
      }
    }
    return separator;
  }

  private static int prefixOfMask(String mask) {
    String[] parts = mask.split("\\.", 6);
    if (parts.length != 4) {
      return -1;
    }
    long bits = 0;
    for (String part : parts) {
      int value = number(part);
      if (value < 0 || value > 255) {
        return -1;
      }
      bits = bits << 8 | value;
    }
    int prefix = Long.bitCount(bits);
    return bits == (0xffffffffL << (32 - prefix) & 0xffffffffL) ? prefix : -1;
  }

  private static int number(String text) {
    if (text.isEmpty() || text.length() > 3) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
