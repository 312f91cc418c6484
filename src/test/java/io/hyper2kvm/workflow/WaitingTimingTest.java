package io.hyper2kvm.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.Installations;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.schedule.Schedule;
import io.hyper2kvm.manifest.schedule.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitingTimingTest {

  private static final String LATER = "schedule: {not_before: 2999-01-01T00:00:00Z}";

  @TempDir private Path folder;
  private final ManifestReader reader = new ManifestReader(Installations.OPEN);

  private Timing timing(String text, long most) throws IOException {
    return WaitingTiming.of(Files.writeString(folder.resolve("web.yaml"), text), reader, most);
  }

  @Test
  void goodManifestWaitsForItsTime() throws IOException {
    String text =
        "version: '1.0'\npipeline: {load: {source_path: /data/web.raw}}\npriority: 3\n" + LATER;

    assertThat(timing(text, 1 << 20).schedule()).isNotEqualTo(Schedule.ANY_TIME);
    assertThat(timing(text, 1 << 20).priority()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no pipeline         | version: '1.0'
          an unknown key      | {version: '1.0', pipeline: {load: {source_path: /a.raw}}, naem: web}
          a wrong value       | {version: '1.0', pipeline: {load: {source_path: /a.raw, source_type: zip}}}
          an impossible order | {version: '1.0', pipeline: {load: {source_path: /a.raw}, convert: {output_format: raw, compress: true}}}
          the older key       | {manifest_version: '1.0', pipeline: {load: {source_path: /a.raw}}}
          """)
  void wrongOneDoesNotAndKeepsItsPriority(String what, String text) throws IOException {
    String timed =
        text.startsWith("{")
            ? text.replaceFirst("\\}$", ", priority: 3, " + LATER + "}")
            : text + "\npriority: 3\n" + LATER;
    assertThat(timing(timed, 1 << 20)).as(what).isEqualTo(new Timing(Schedule.ANY_TIME, 3));
  }

  @Test
  void tooLargeOneDoesNot() throws IOException {
    String text = "version: '1.0'\npipeline: {load: {source_path: /data/web.raw}}\n" + LATER + "\n";

    assertThat(timing(text, text.length()).schedule()).isNotEqualTo(Schedule.ANY_TIME);
    assertThat(timing(text, text.length() - 1)).isEqualTo(Timing.NONE);
  }
}
