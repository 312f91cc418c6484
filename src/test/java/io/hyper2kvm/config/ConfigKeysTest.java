package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That nothing of the configuration is forgotten; the documents have {@link ShippedFilesTest}. */
class ConfigKeysTest {

  static Stream<Class<?>> components() {
    return Stream.of(DaemonConfig.class.getRecordComponents()).map(RecordComponent::getType);
  }

  @Test
  void everyDeclaredKeyIsListedOnce() throws Exception {
    List<ConfigKey<?>> declared = new ArrayList<>(FullMapping.keys(ConfigKeys.class));
    for (Class<?> component : components().toList()) {
      declared.addAll(FullMapping.keys(component));
    }
    assertThat(ConfigKeys.all()).containsExactlyInAnyOrderElementsOf(declared);
  }

  @Test
  void namesAreDistinct() {
    assertThat(ConfigKeys.all().stream().map(ConfigKey::name)).doesNotHaveDuplicates();
  }

  /** {@link FullMapping} finds a key that is declared and not read, but only where it is used. */
  @ParameterizedTest
  @MethodSource("components")
  void everyComponentHasATestOfItsMapping(Class<?> component) {
    assertThatCode(
            () -> Class.forName(component.getName() + "Test").getDeclaredMethod("everyKeyIsMapped"))
        .doesNotThrowAnyException();
  }
}
