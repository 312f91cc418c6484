package io.hyper2kvm.guest.initramfs.archive;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The small files of an initramfs whose content decides something; all others are only listed. */
public final class KeptFiles {

  private static final Pattern NAMES =
      Pattern.compile(
          // what loads modules, and how they are found
          "(usr/)?lib/modules/[^/]+/modules\\.((dep|alias|builtin)(\\.bin)?|softdep)"
              + "|conf/[^/]+|conf/conf\\.d/[^/]+|modules"
              + "|etc/booster\\.init\\.yaml|usr/lib/modules/booster\\.alias"
              + "|((usr/)?lib|etc)/modules-load\\.d/[^/]+"
              + "|((usr/)?lib|etc)/modprobe\\.d/[^/]+"
              // what names disks
              + "|etc/(fstab|crypttab|cmdline|cmdline\\.d/[^/]+|mdadm/mdadm\\.conf|mdadm\\.conf)"
              + "|cryptroot/crypttab|etc/systemd/system/dev-[^/]+\\.device\\.d/timeout\\.conf"
              + "|etc/lvm/(devices/system\\.devices|lvm\\.conf|lvmlocal\\.conf)"
              + "|((usr|var)/)?lib/dracut/hooks/[^/]+/[^/]+(/[^/]+)?"
              // what names network cards
              + "|((usr/)?lib|etc)/systemd/network/[^/]+\\.(link|network|netdev)"
              + "|((usr/)?lib|etc)/udev/rules\\.d/[^/]*net[^/]*\\.rules"
              // who made it
              + "|(usr/lib|etc)/(initrd-release|os-release)"
              + "|(usr/)?lib/dracut/(build-parameter\\.txt|hostonly-files|dracut-version\\.sh)"
              + "|buildconfig|config|VERSION");

  /** By the real path, without a leading slash. */
  public static final Predicate<String> DEFAULT = path -> NAMES.matcher(path).matches();

  private KeptFiles() {}
}
