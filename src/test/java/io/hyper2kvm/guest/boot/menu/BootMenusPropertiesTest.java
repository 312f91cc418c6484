package io.hyper2kvm.guest.boot.menu;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.boot.menu.DefaultKernel.Choice;
import io.hyper2kvm.guest.boot.menu.DefaultKernel.Way;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Menus of any text: a default that was made holds, and no text breaks the reading. */
@Tag("property")
class BootMenusPropertiesTest {

  private static final List<String> FILES =
      List.of(
          "/boot/grub/grub.cfg",
          "/boot/grub/menu.lst",
          "/boot/extlinux/extlinux.conf",
          "/efi/loader/entries/a.conf",
          "/efi/loader/loader.conf",
          "/boot/grub/grubenv");

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "menuentry 'a>b' --id x {",
            "menuentry 'a' {",
            "submenu 'a' {",
            "}",
            "linux /vmlinuz-1",
            "linux /vmlinuz-2",
            "set default=\"1>0\"",
            "set default=x",
            "default saved",
            "default 1",
            "title t",
            "kernel /vmlinuz-1",
            "kernel /vmlinuz-2",
            "label a",
            "label b",
            "ui menu.c32",
            "menu default",
            "ontimeout b",
            "default *[",
            "include extlinux.conf",
            "saved_entry=1>",
            "\"",
            "'",
            ">",
            "\\")
        .list()
        .ofMaxSize(16)
        .map(lines -> String.join("\n", lines) + "\n");
  }

  @Property(tries = 500)
  void aDefaultThatWasMadeHolds(@ForAll("texts") String one, @ForAll("texts") String other) {
    for (String file : FILES) {
      Map<String, String> texts = new TreeMap<>(Map.of("/efi/loader/loader.conf", other));
      texts.put(file, one);
      Choice choice = DefaultKernel.of(texts, Map.of(), "/boot/vmlinuz-2");
      if (choice.way() == Way.EDIT) {
        choice.edits().forEach(edited -> texts.put(edited.file(), edited.text()));
        assertThat(DefaultKernel.of(texts, Map.of(), "/boot/vmlinuz-2").way())
            .as(file)
            .isEqualTo(Way.ALREADY);
      }
    }
  }
}
