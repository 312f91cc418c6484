package io.hyper2kvm.guest.network.survey;

import static org.assertj.core.api.Assertions.assertThatCode;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

@Tag("property")
class BusPlacePropertiesTest {

  @Property
  void anyTextIsReadWithoutAnError(
      @ForAll @StringLength(max = 300) @CharRange(from = ' ', to = '~') String text) {
    assertThatCode(() -> BusPlace.of(text)).doesNotThrowAnyException();
    assertThatCode(() -> BusPlace.ofName(text)).doesNotThrowAnyException();
  }
}
