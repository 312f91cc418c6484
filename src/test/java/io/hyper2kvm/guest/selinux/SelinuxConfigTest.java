package io.hyper2kvm.guest.selinux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelinuxConfigTest {

  private static SelinuxConfig of(String config) {
    return SelinuxConfig.of(Map.of(SelinuxConfig.FILE, config.replace('|', '\n')));
  }

  @ParameterizedTest
  @CsvSource({
    "SELINUX=enforcing|SELINUXTYPE=targeted, ENFORCING, targeted",
    "SELINUX=permissive|SELINUXTYPE=mls, PERMISSIVE, mls",
    "SELINUX=disabled|SELINUXTYPE=targeted, DISABLED, ''",
    "'# SELINUX=disabled|  SELINUX=Enforcing  |SELINUXTYPE=default ', ENFORCING, default",
    "SELINUX=enforcing|SELINUX=disabled, ENFORCING, targeted",
    "SELINUX=enforcing|SELINUXTYPE=a|SELINUXTYPE=refpolicy-2.1, ENFORCING, refpolicy-2.1",
    "SELINUXTYPE=minimum, PERMISSIVE, minimum",
    "SELINUX=on, PERMISSIVE, targeted",
    "'', PERMISSIVE, targeted"
  })
  void theConfigurationIsReadAsTheGuestReadsIt(String config, SelinuxMode mode, String policy) {
    assertThat(of(config)).isEqualTo(new SelinuxConfig(mode, policy));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "a/b", "..", ".hidden", "a b", "\u0000", "", "ä"})
  void aPolicyThatIsNoPlainNameIsNotFollowed(String policy) {
    assertThat(of("SELINUX=enforcing|SELINUXTYPE=" + policy).policy()).isEmpty();
  }

  @Test
  void aGuestWithoutTheFileHasNoSelinux() {
    assertThat(SelinuxConfig.of(Map.of("/etc/fstab", "")).mode()).isEqualTo(SelinuxMode.DISABLED);
  }

  @ParameterizedTest
  @CsvSource({
    "/boot/grub2/grub.cfg, '\tlinux /vmlinuz root=/dev/sda1 selinux=0', DISABLED",
    "/boot/grub2/grub.cfg, '\tlinux16 /vmlinuz root=UUID=1 ro enforcing=0', PERMISSIVE",
    "/boot/loader/entries/a.conf, 'options root=/dev/sda1 selinux=0', DISABLED",
    "/boot/grub2/grubenv, 'kernelopts=root=/dev/sda1 ro selinux=0 ', DISABLED",
    "/boot/extlinux/extlinux.conf, '  APPEND root=/dev/sda1 selinux=0', DISABLED",
    "/boot/grub/menu.lst, 'kernel /vmlinuz root=/dev/sda1 selinux=0', DISABLED",
    "/boot/grub2/grub.cfg, '\tlinux /vmlinuz root=/dev/sda1 selinux=1', ENFORCING",
    "/boot/grub2/grub.cfg, '\tlinux /vmlinuz root=/dev/sda1 selinux=0 selinux=1', ENFORCING",
    "/boot/grub2/grub.cfg, '\tlinux /v root=/a selinux=0|\tlinux /v root=/a', ENFORCING",
    "/boot/grub2/grub.cfg, '# linux /vmlinuz root=/dev/sda1 selinux=0', ENFORCING",
    "/etc/motd, 'say selinux=0', ENFORCING"
  })
  void whatEveryKernelIsToldCounts(String file, String text, SelinuxMode mode) {
    assertThat(
            SelinuxConfig.of(
                    Map.of(
                        SelinuxConfig.FILE, "SELINUX=enforcing\n", file, text.replace('|', '\n')))
                .mode())
        .isEqualTo(mode);
  }
}
