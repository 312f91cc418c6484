package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of boot loaders below /etc that name the disk: corrected, or told of. */
class BootLineMentionsTest extends FixedGuest {

  private static final String TOLD = ":1: it names a disk as the old hypervisor did (/dev/sda1)";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/etc/update-extlinux.conf|root=%s",
        "/etc/default/extlinux|EXTLINUX_ROOT=\"root=%s\"",
        "/etc/dracut.conf.d/root.conf|kernel_cmdline=\"root=%s ro\"",
        "/etc/cmdline.d/root.conf|root=%s ro",
        "/etc/dracut.conf|kernel_cmdline+=\" root=%s\""
      })
  void aLineIsToldOnlyWhereTheFixOfTheBootLoaderIsNotAskedFor(String file, String line)
      throws IOException {
    guest.file(ROOT, "/boot/grub/grub.cfg", "linux /vmlinuz root=UUID=1111-root\ninitrd /initrd\n");
    guest.file(ROOT, file, line.formatted("/dev/sda1") + "\n");
    jobs.fix = spec(FstabMode.STABILIZE_ALL, new GrubFix(false), null, null);
    fix();

    assertThat(guest.text(ROOT, file)).isEqualTo(line.formatted("UUID=1111-root") + "\n");
    assertThat(JobOutcome.of(job).warnings()).noneMatch(warning -> warning.startsWith(file));
  }

  @ParameterizedTest
  @CsvSource({"/etc/update-extlinux.conf", "/etc/cmdline.d/root.conf", "/etc/grub.d/40_custom"})
  void aLineThatNoFixCorrectsIsTold(String file) throws IOException {
    guest.file(ROOT, file, "root=/dev/sda1\n");
    jobs.fix = spec(FstabMode.STABILIZE_ALL, null, null, NetworkLevel.NONE);
    fix();

    assertThat(JobOutcome.of(job).warnings()).anyMatch(w -> w.startsWith(file + TOLD));
  }
}
