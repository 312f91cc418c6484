package io.hyper2kvm.guest.selinux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelDecisionTest {

  private static final FileContexts CONTEXTS =
      FileContexts.of(
          "targeted",
          Map.of(
              "/etc/selinux/targeted/contexts/files/file_contexts",
              """
              /etc(/.*)?	system_u:object_r:etc_t:s0
              /etc/flat	system_u:object_r:etc_t
              /opt(/.*)?	system_u:object_r:opt_t:s0
              /opt/(?=x)x	system_u:object_r:x_t:s0
              /tmp/.*	<<none>>
              """));

  private static Optional<SecurityContext> label(String type) {
    return Optional.ofNullable(type)
        .map(t -> new SecurityContext("system_u:object_r:" + t + ":s0"));
  }

  @ParameterizedTest
  @CsvSource({
    // path, before, now, the folder's; label, rule, doubt
    "/etc/fstab, etc_t, etc_t, etc_t, , selinux.kept, ",
    "/etc/fstab, , my_t, etc_t, , selinux.kept, ",
    "/etc/fstab, my_t, , etc_t, my_t, selinux.kept, ",
    "/etc/new, , , etc_t, etc_t, selinux.policy, ",
    "/etc/new, , , , etc_t, selinux.policy, ",
    "/etc/new, , , my_t, etc_t, selinux.policy, its folder is labelled",
    "/tmp/a, , , tmp_t, tmp_t, selinux.folder, ",
    "/var/a, , , var_t, var_t, selinux.folder, ",
    "/var/a, , , , , selinux.folder, its folder has no label",
    "/opt/x, , , opt_t, opt_t, selinux.folder, not decided here",
    "/etc/flat, , , etc_t, etc_t, selinux.folder, has not the form"
  })
  void theLabelIsTheOldOneOrThePolicysOrTheFolders(
      String path,
      String before,
      String now,
      String folder,
      String label,
      String rule,
      String doubt) {
    LabelDecision decision =
        LabelDecision.of(
            new LabelDecision.File(path, FileKind.FILE, label(before), label(now)),
            label(folder),
            CONTEXTS);

    assertThat(decision.label()).isEqualTo(label(label));
    assertThat(decision.rule()).isEqualTo(rule);
    if (doubt == null) {
      assertThat(decision.doubt()).isEmpty();
    } else {
      assertThat(decision.doubt().orElseThrow()).contains(doubt);
    }
  }
}
