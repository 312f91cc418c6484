package io.hyper2kvm.guest.network;

import java.util.Map;

/** Two cards as each configuration system has them, bound to their hardware addresses. */
enum Cards {
  IFUPDOWN {
    @Override
    String path(String name) {
      return "/etc/network/interfaces.d/" + name;
    }

    @Override
    Guest card(Guest guest, String name, String mac, String address) {
      return guest.and(
          path(name),
          "auto %1$s\niface %1$s inet static\n  address %2$s/24\n".formatted(name, address));
    }
  },
  NETPLAN {
    @Override
    String path(String name) {
      return "/etc/netplan/" + name + ".yaml";
    }

    @Override
    Guest card(Guest guest, String name, String mac, String address) {
      return guest.and(
          path(name),
          """
          network:
            version: 2
            ethernets:
              %s:
                match: {macaddress: "%s"}
                set-name: %s
                addresses: [%s/24]
          """
              .formatted(name, mac, name, address));
    }
  },
  NETWORKD {
    @Override
    String path(String name) {
      return "/etc/systemd/network/20-" + name + ".network";
    }

    @Override
    Guest card(Guest guest, String name, String mac, String address) {
      return guest.and(
          path(name),
          "[Match]\nName=%s\nMACAddress=%s\n[Network]\nAddress=%s/24\n"
              .formatted(name, mac, address));
    }
  },
  NETWORK_MANAGER {
    @Override
    String path(String name) {
      return "/etc/NetworkManager/system-connections/" + name + ".nmconnection";
    }

    @Override
    Guest card(Guest guest, String name, String mac, String address) {
      return guest.and(
          path(name),
          """
          [connection]
          id=%1$s
          type=ethernet
          interface-name=%1$s
          [ethernet]
          mac-address=%2$s
          [ipv4]
          method=manual
          address1=%3$s/24
          """
              .formatted(name, mac.toUpperCase(java.util.Locale.ROOT), address));
    }
  },
  RED_HAT {
    @Override
    String path(String name) {
      return "/etc/sysconfig/network-scripts/ifcfg-" + name;
    }

    @Override
    Guest card(Guest guest, String name, String mac, String address) {
      return guest.and(
          path(name),
          "DEVICE=%s\nHWADDR=%s\nONBOOT=yes\nBOOTPROTO=none\nIPADDR=%s\nPREFIX=24\n"
              .formatted(name, mac.toUpperCase(java.util.Locale.ROOT), address));
    }
  },
  SUSE {
    @Override
    String path(String name) {
      return "/etc/sysconfig/network/ifcfg-" + name;
    }

    @Override
    Guest card(Guest guest, String name, String mac, String address) {
      return guest.and(
          path(name), "BOOTPROTO='static'\nIPADDR='%s/24'\nSTARTMODE='auto'\n".formatted(address));
    }
  };

  static final String RULES = "/etc/udev/rules.d/70-persistent-net.rules";

  /** Where a card's configuration is. */
  abstract String path(String name);

  /** Adds a card that comes up at boot with a static address. */
  abstract Guest card(Guest guest, String name, String mac, String address);

  /** A guest whose names come from old udev rules as well. */
  Guest guest(Map<String, String> macByName) {
    StringBuilder rules = new StringBuilder();
    Guest guest = new Guest();
    int number = 20;
    for (Map.Entry<String, String> card : macByName.entrySet()) {
      rules.append(
          "SUBSYSTEM==\"net\", ACTION==\"add\", ATTR{address}==\"%s\", NAME=\"%s\"\n"
              .formatted(card.getValue(), card.getKey()));
      card(guest, card.getKey(), card.getValue(), "10.77.4." + number++);
    }
    return guest.and(RULES, rules.toString());
  }
}
