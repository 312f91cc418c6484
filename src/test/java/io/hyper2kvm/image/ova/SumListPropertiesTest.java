package io.hyper2kvm.image.ova;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

@Tag("property")
class SumListPropertiesTest {

  @Property
  void anyTextIsRead(@ForAll String text) {
    SumList list = SumList.parse(text);

    assertThat(list.sums().size() + list.problems().size())
        .isLessThanOrEqualTo((int) text.lines().count() + 1);
  }
}
