package io.hyper2kvm.text;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.StringLength;

@Tag("property")
class NearestWordPropertiesTest {

  @Property
  void slipsAreADistance(
      @ForAll @StringLength(max = 12) String a, @ForAll @StringLength(max = 12) String b) {
    int slips = NearestWord.slips(a, b);

    assertThat(slips)
        .isEqualTo(NearestWord.slips(b, a))
        .isBetween(Math.abs(a.length() - b.length()), Math.max(a.length(), b.length()));
    assertThat(slips == 0).isEqualTo(a.equals(b));
  }
}
