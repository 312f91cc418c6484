package io.hyper2kvm.guest.boot.menu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which kernel command lines count. */
class StartedCommandLinesTest {

  private static final String GRUB =
      """
      set default=DEFAULT
      menuentry 'a' {
        linux /vmlinuz-1 root=UUID=1 first
      }
      menuentry 'b' {
        linux /vmlinuz-1 root=UUID=1 second
      }
      menuentry 'memtest' {
        linux16 /memtest.bin
      }
      """;

  @ParameterizedTest
  @CsvSource({"0, first", "1, second", "b, second"})
  void thatOfTheEntryThatStartsByItself(String choice, String word) {
    List<String> lines =
        StartedCommandLines.of(Map.of("/boot/grub/grub.cfg", GRUB.replace("DEFAULT", choice)));

    assertThat(lines).containsExactly("root=UUID=1 " + word);
  }

  @Test
  void allOfThemWhereThatIsNotKnown() {
    assertThat(
            StartedCommandLines.of(
                Map.of("/boot/grub/grub.cfg", GRUB, "/boot/grub2/grub.cfg", GRUB)))
        .hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({
    "/boot/loader/entries/a.conf, 'linux /v;options root=1 x;options y', root=1 x",
    "/boot/extlinux/extlinux.conf, 'LABEL a;KERNEL /v;APPEND root=1 x', root=1 x",
    "/boot/refind_linux.conf, '\"Boot\" \"root=1 x\"', root=1 x",
    "/etc/lilo.conf, 'append=\"root=1 x\"', root=1 x",
    "/boot/cmdline.txt, root=1 x, root=1 x",
    "/boot/grub/menu.lst, 'title a;kernel /v root=1 x', root=1 x",
  })
  void eachLoadersOwn(String file, String text, String expected) {
    assertThat(StartedCommandLines.of(Map.of(file, text.replace(";", "\n"))))
        .singleElement()
        .asString()
        .contains(expected)
        .satisfies(line -> assertThat(StartedCommandLines.says(line, "x")).isTrue());
  }

  @Test
  void theEnvironmentBlockIsPartOfAnEntryThatTakesIt() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("/boot/loader/entries/a.conf", "linux /v\noptions $kernelopts\n");
    texts.put("/boot/grub2/grubenv", "# GRUB Environment Block\nkernelopts=root=1 x\nother=y\n");

    assertThat(StartedCommandLines.of(texts))
        .singleElement()
        .satisfies(line -> assertThat(StartedCommandLines.says(line, "x")).isTrue())
        .satisfies(line -> assertThat(StartedCommandLines.says(line, "y")).isFalse());
  }

  @Test
  void settingsForKernelsToComeDoNotCount() {
    assertThat(
            StartedCommandLines.of(
                Map.of(
                    "/etc/default/grub",
                    "GRUB_CMDLINE_LINUX=\"x\"\n",
                    "/etc/kernel/cmdline",
                    "root=1 x\n")))
        .isEmpty();
  }

  @Test
  void withoutCommandLinesNothingIsSaid() {
    assertThat(StartedCommandLines.allSay(List.of(), "x")).isFalse();
    assertThat(StartedCommandLines.allSay(List.of("x", "a x"), "x")).isTrue();
    assertThat(StartedCommandLines.allSay(List.of("x", "a"), "x")).isFalse();
  }
}
