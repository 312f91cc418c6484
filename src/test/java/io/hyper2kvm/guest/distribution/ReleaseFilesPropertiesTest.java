package io.hyper2kvm.guest.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

@Tag("property")
class ReleaseFilesPropertiesTest {

  @Property
  void anyTextOfAnyFileIsRead(@ForAll String osRelease, @ForAll String text) {
    assertThat(ReleaseFiles.of(osRelease, file -> text)).isNotNull();
  }

  @Property(tries = 100)
  void aLongLineIsReadInTime(@ForAll char repeated) {
    String text = "CentOS " + String.valueOf(repeated).repeat(100_000);

    assertThat(ReleaseFiles.of("", file -> text)).containsEntry("ID", "centos");
  }
}
