package io.hyper2kvm.guest.distribution;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The table. Its facts are from the distributions' own os-release files, release notes and
 * packages; a distribution without a row gets that of the first one in its {@code ID_LIKE}.
 */
public final class DistributionTable {

  /** The rows. Folders and releases of children stand in rows of their own. */
  static final List<Distribution> ROWS =
      List.of(
          Distribution.of(Family.DEBIAN, "debian").withoutLinksUntil(7).exchangingNames(),
          Distribution.of(Family.DEBIAN, "raspbian").withoutLinksUntil(7).exchangingNames(),
          Distribution.of(Family.DEBIAN, "ubuntu").withoutLinksUntil(14).exchangingNames(),
          Distribution.of(Family.DEBIAN, "linuxmint")
              .efi("ubuntu")
              .withoutLinksUntil(17)
              .exchangingNames(),
          Distribution.of(Family.DEBIAN, "elementary", "zorin", "neon", "pop", "tuxedo")
              .efi("ubuntu")
              .exchangingNames(),
          Distribution.of(
                  Family.DEBIAN, "kali", "parrot", "devuan", "pve", "proxmox", "mx", "antix")
              .efi("debian", "proxmox")
              .exchangingNames(),
          Distribution.of(Family.DEBIAN, "astra", "deepin", "uos", "univention", "vyos", "truenas")
              .exchangingNames(),
          Distribution.of(Family.RED_HAT, "rhel", "redhat")
              .efi("redhat")
              .withoutLinksUntil(6)
              .withoutRulesUntil(5)
              .readingUntil(9, NetworkSettings.IFCFG),
          Distribution.of(Family.RED_HAT, "centos")
              .withoutLinksUntil(6)
              .withoutRulesUntil(5)
              .readingUntil(9, NetworkSettings.IFCFG),
          Distribution.of(Family.RED_HAT, "scientific")
              .efi("scientific", "redhat")
              .withoutLinksUntil(6)
              .withoutRulesUntil(5),
          Distribution.of(Family.RED_HAT, "ol")
              .efi("redhat", "oracle")
              .withoutLinksUntil(6)
              .withoutRulesUntil(5)
              .readingUntil(9, NetworkSettings.IFCFG),
          Distribution.of(Family.RED_HAT, "rocky", "almalinux", "eurolinux", "miraclelinux")
              .readingUntil(9, NetworkSettings.IFCFG),
          Distribution.of(Family.RED_HAT, "cloudlinux", "circle")
              .efi("cloudlinux", "redhat", "centos")
              .readingUntil(9, NetworkSettings.IFCFG),
          Distribution.of(Family.RED_HAT, "virtuozzo", "xenenterprise")
              .efi("cloudlinux", "redhat", "centos", "xenserver"),
          Distribution.of(Family.RED_HAT, "fedora", "nobara", "ultramarine")
              .efi("fedora")
              .withoutLinksUntil(20)
              .readingUntil(35, NetworkSettings.IFCFG),
          // Amazon Linux 2018.03, then 2, then 2023.
          Distribution.of(Family.RED_HAT, "amzn").readingUntil(2022, NetworkSettings.IFCFG),
          Distribution.of(Family.RED_HAT, "openeuler", "anolis", "alinux", "tencentos", "kylin"),
          Distribution.of(Family.RED_HAT, "mageia").withoutLinksUntil(4),
          Distribution.of(Family.SUSE, "sles", "sles_sap", "sled", "sle_hpc")
              .efi("sles", "sled", "suse", "sle")
              .withoutLinksUntil(11)
              .withoutRulesUntil(10)
              .readingUntil(15, NetworkSettings.SUSE_IFCFG),
          Distribution.of(Family.SUSE, "sle-micro", "sl-micro")
              .efi("sles", "sled", "suse", "sle")
              .readingUntil(5, NetworkSettings.SUSE_IFCFG),
          Distribution.of(Family.SUSE, "suse").efi("sles", "sled"),
          Distribution.of(
                  Family.SUSE,
                  "opensuse",
                  "opensuse-tumbleweed",
                  "opensuse-microos",
                  "opensuse-slowroll",
                  "opensuse-aeon")
              .efi("opensuse")
              .withoutLinksUntil(13),
          Distribution.of(Family.SUSE, "opensuse-leap")
              .efi("opensuse")
              .readingUntil(15, NetworkSettings.SUSE_IFCFG),
          Distribution.of(Family.SUSE, "opensuse-leap-micro")
              .efi("opensuse")
              .readingUntil(5, NetworkSettings.SUSE_IFCFG),
          Distribution.of(Family.PHOTON, "photon").efi("boot"),
          Distribution.of(Family.AZURE, "mariner", "azurelinux").efi("boot"),
          Distribution.of(Family.ARCH, "arch", "archarm", "endeavouros", "artix", "cachyos")
              .efi("grub", "arch"),
          Distribution.of(Family.ARCH, "manjaro", "garuda").efi("grub"),
          Distribution.of(Family.ALPINE, "alpine", "postmarketos").withoutUdev(),
          Distribution.of(Family.FLATCAR, "flatcar", "coreos").efi("boot", "flatcar"),
          Distribution.of(Family.GENTOO, "gentoo"),
          Distribution.of(Family.GENERIC, "openwrt", "buildroot").withoutUdev());

  private static final Map<String, Distribution> BY_ID = new HashMap<>();

  static {
    for (Distribution row : ROWS) {
      for (String id : row.ids()) {
        if (BY_ID.put(id, row) != null) {
          throw new IllegalStateException("two rows for the distribution " + id);
        }
      }
    }
  }

  private DistributionTable() {}

  /** The row of an {@code ID}; {@link Distribution#GENERIC} if there is none. */
  public static Distribution byId(String id) {
    return BY_ID.getOrDefault(id.toLowerCase(Locale.ROOT), Distribution.GENERIC);
  }
}
