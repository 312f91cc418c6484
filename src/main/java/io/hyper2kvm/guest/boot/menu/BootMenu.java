package io.hyper2kvm.guest.boot.menu;

import java.util.List;

/** The menu of one boot loader, over all files that it is made of. */
interface BootMenu {

  /** The entries in the menu's order. */
  List<MenuEntry> entries();

  /** The entry that starts by itself on a machine whose firmware remembers nothing. */
  MenuStart start();

  /** What makes one of {@link #entries} start by itself, now and after the next kernel update. */
  NewDefault withDefault(MenuEntry entry);
}
