package io.hyper2kvm.manifest.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.Installations;
import io.hyper2kvm.manifest.ManifestReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineTest {

  private static boolean needsGuest(String sections) throws Exception {
    String manifest =
        """
        {"version": "1.0", "pipeline": {
          "load": {"source_type": "raw", "source_path": "/in/a.raw"}%s}}
        """
            .formatted(sections);
    return new ManifestReader(Installations.OPEN)
        .read("a.json", manifest.getBytes(StandardCharsets.UTF_8))
        .vms()
        .get(0)
        .pipeline()
        .needsGuest();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", \"inspect\": {\"enabled\": false}",
        ", \"validate\": {}",
        ", \"validate\": {\"enabled\": false, \"boot_test\": true}",
        ", \"inspect\": {\"enabled\": false}, \"validate\": {\"boot_test\": true}"
      })
  void withoutANeedTheGuestIsNotLookedInto(String sections) throws Exception {
    assertThat(needsGuest(sections)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ", \"inspect\": {}",
        ", \"fix\": {\"fstab\": {}}",
        ", \"validate\": {\"boot_test\": true}"
      })
  void whatNeedsTheGuestHasItLookedInto(String sections) throws Exception {
    assertThat(needsGuest(sections)).isTrue();
  }
}
