package io.hyper2kvm.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {

  @TempDir Path root;
  private Folders folders;
  private JobId ids;

  @BeforeEach
  void folders() throws Exception {
    folders = new Folders(root);
    ids = new JobId(folders.directories);
  }

  private static String id(String path) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(path.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void manifestIsFoundByItsId() throws Exception {
    Path place = folders.failed("2026-11-24", "wéb 01.json", "{}");
    Job job = new Job(JobState.FAILED, place);

    assertThat(ids.find(ids.of(job))).contains(job);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "web.json",
        "../web.json",
        "to_be_processed/../../etc/web.json",
        "to_be_processed/a/web.json",
        "to_be_processed/.hidden.json",
        "to_be_processed/web.txt",
        "to_be_processed/web.json.report.json",
        "processing/web.json/..",
        "processed/web.json",
        "processed/2026-13-01/web.json",
        "processed/../web.json",
        "processed/2026-11-24/x/web.json",
        "processed/2026-11-24/..",
        "/processed/2026-11-24/web.json",
        "work/2026-11-24/web.json",
        ".recovery/web.json",
        "to_be_processed/a\u0000.json",
        "to_be_processed/a\n.json"
      })
  void otherPathIsNoPlace(String path) {
    assertThat(ids.place(id(path))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!", "a b", "####", "w/../", "é", "AAAA====="})
  void textThatIsNoIdIsNoPlace(String text) {
    assertThat(ids.place(text)).isEmpty();
  }

  @Test
  void veryLongIdIsNoPlace() {
    assertThat(ids.place("QQ".repeat(10_000))).isEmpty();
  }

  @Test
  void linkIsNoManifest() throws Exception {
    Path secret = Files.writeString(root.resolve("secret.json"), "{}");
    Files.createSymbolicLink(folders.directories.toBeProcessed().resolve("web.json"), secret);

    assertThat(ids.find(id("to_be_processed/web.json"))).isEmpty();
  }

  @Test
  void dayThatIsALinkIsNoDay() throws Exception {
    Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("web.json"), "{}");
    Files.createSymbolicLink(folders.directories.processed().resolve("2026-11-24"), elsewhere);

    assertThat(ids.find(id("processed/2026-11-24/web.json"))).isEmpty();
  }
}
