package io.hyper2kvm.manifest.model;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Every VM has a name that Kubernetes takes. */
@Tag("property")
class KubernetesNamePropertyTest {

  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> first = Arbitraries.strings().alpha().numeric().ofLength(1);
    Arbitrary<String> rest =
        Arbitraries.strings().alpha().numeric().withChars("._-").ofMaxLength(127);
    return first.flatMap(letter -> rest.map(more -> letter + more)).filter(VmSpec::isName);
  }

  @Property
  void everyNameBecomesALabel(@ForAll("names") String vm) {
    assertThat(KubernetesName.of(vm)).matches(LABEL);
    assertThat(KubernetesName.ofDisk(vm, 0)).matches(LABEL);
    assertThat(KubernetesName.ofDisk(vm, 63)).matches(LABEL);
  }

  @Property
  void aLabelStaysAsItIs(@ForAll("names") String vm) {
    String label = KubernetesName.of(vm);

    assertThat(KubernetesName.of(label)).isEqualTo(label);
  }
}
