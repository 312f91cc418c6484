package io.hyper2kvm.guest.boot.menu;

import java.util.Objects;
import java.util.Optional;

/**
 * What a boot loader starts by itself.
 *
 * @param entry the entry; empty when it is not known, or the menu has none
 * @param setting what decides it, in an operator's words: {@code /boot/grub/grub.cfg:3: default is
 *     "1>2"}
 */
public record MenuStart(Optional<MenuEntry> entry, String setting) {

  public MenuStart {
    Objects.requireNonNull(entry, "entry");
    Objects.requireNonNull(setting, "setting");
  }

  static MenuStart of(MenuEntry entry, String setting) {
    return new MenuStart(Optional.of(entry), setting);
  }

  static MenuStart unknown(String why) {
    return new MenuStart(Optional.empty(), why);
  }
}
