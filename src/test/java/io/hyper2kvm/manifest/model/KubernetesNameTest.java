package io.hyper2kvm.manifest.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesNameTest {

  @ParameterizedTest
  @CsvSource({
    "web, web",
    "WEB01, web01",
    "web.example.org, web-example-org",
    "Web_01, web-01",
    "a..b__c, a--b--c",
    "web-, web",
    "0, 0",
    "9-._-, 9",
    "web-disk1, web-disk1",
  })
  void aNameIsALabel(String vm, String label) {
    assertThat(KubernetesName.of(vm)).isEqualTo(label);
  }

  @Test
  void aLongNameIsCutAndStaysAnother() {
    String same = "a".repeat(60);

    assertThat(KubernetesName.of(same + "1"))
        .hasSize(56)
        .startsWith("a".repeat(47) + "-")
        .isEqualTo(KubernetesName.of(same + "1"))
        .isNotEqualTo(KubernetesName.of(same + "2"));
  }

  @Test
  void aNameOf56CharactersIsNotCut() {
    assertThat(KubernetesName.of("b".repeat(56))).isEqualTo("b".repeat(56));
  }

  @Test
  void theLastDiskOfTheLongestNameHasALabel() {
    assertThat(KubernetesName.ofDisk("c".repeat(128), 63)).hasSize(63).endsWith("-disk64");
  }
}
