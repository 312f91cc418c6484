package io.hyper2kvm.guest.firstboot;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.StringLength;

/** Any text is a first line or is refused with a reason. */
@Tag("property")
class FirstLinePropertiesTest {

  @Property
  void anyTextIsReadOrRefused(@ForAll @StringLength(max = 200) String rest) {
    for (String text : new String[] {rest, "#!" + rest, "#!/usr/bin/env " + rest}) {
      try {
        assertThat(FirstLine.of(text).needs())
            .isNotEmpty()
            .allSatisfy(need -> assertThat(need.places()).allMatch(it -> it.startsWith("/")));
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageStartingWith("it");
      }
    }
  }
}
