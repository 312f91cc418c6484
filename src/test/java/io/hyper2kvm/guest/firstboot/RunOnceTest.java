package io.hyper2kvm.guest.firstboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.leftover.GuestTree;
import io.hyper2kvm.tool.boot.QemuCommand;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What starts the program, in a guest of each kind of init. */
class RunOnceTest {

  private static final String DEBIAN_7 =
      "id:2:initdefault:\nl2:2:wait:/etc/init.d/rc 2\n1:2345:respawn:/sbin/getty 38400 tty1\n";

  private final SortedMap<String, String> texts = new TreeMap<>();
  private final TreeSet<String> paths = new TreeSet<>();
  private boolean systemd;

  private GuestTree tree() {
    return new GuestTree(texts, paths, systemd);
  }

  private EditPlan plan() {
    return FirstbootScript.plan(tree(), "#!/bin/sh\n", "(a script)");
  }

  private void have(GuestInit init) {
    switch (init) {
      case SYSTEMD -> systemd = true;
      case UPSTART -> paths.addAll(List.of("/sbin/initctl", "/etc/init/rc.conf"));
      case OPENRC -> paths.addAll(List.of("/sbin/openrc", "/etc/runlevels/default/sshd"));
      case SYSV -> texts.put("/etc/inittab", DEBIAN_7);
      case RC_LOCAL -> texts.put("/etc/rc.local", "#!/bin/sh\nexit 0\n");
    }
  }

  private void apply(EditPlan plan) {
    assertThat(plan.failures()).isEmpty();
    plan.files().forEach(edit -> texts.put(edit.file(), edit.after().orElseThrow()));
  }

  @Test
  void systemdStartsItWithTheNetworkAndDoesNotWaitForIt() {
    have(GuestInit.SYSTEMD);
    apply(plan());

    assertThat(texts.get("/etc/systemd/system/hyper2kvm-firstboot.service"))
        .contains(
            "ConditionPathExists=/etc/hyper2kvm/run-once\n",
            "Wants=network-online.target\n",
            "After=local-fs.target network-online.target\n",
            "Type=simple\n",
            "ExecStart=/bin/sh /etc/hyper2kvm/run-once\n")
        .doesNotContain("Before=", "oneshot");
    assertThat(texts.get("/etc/systemd/system/multi-user.target.d/50-hyper2kvm-firstboot.conf"))
        .isEqualTo("[Unit]\nWants=hyper2kvm-firstboot.service\n");
  }

  @ParameterizedTest
  @CsvSource({
    "'[Unit]\nDescription=Multi-User System\n', 0",
    "'[Unit]\nDescription=Graphical Interface\nRequires=multi-user.target\n', 0",
    "'', 0",
    "'[Unit]\nDescription=Kiosk\nRequires=basic.target\n', 1",
    "'[Unit]\nDescription=Rescue Mode\n', 1",
  })
  void aGuestThatStartsAnotherTargetIsToldOf(String target, int warnings) {
    have(GuestInit.SYSTEMD);
    texts.put("/etc/systemd/system/default.target", target);

    assertThat(plan().warnings()).hasSize(warnings);
    assertThat(plan().failures()).isEmpty();
  }

  @Test
  void upstartStartsItWhenTheServicesOfTheRunlevelAreStarted() {
    have(GuestInit.UPSTART);
    apply(plan());

    assertThat(texts.get("/etc/init/hyper2kvm-firstboot.conf"))
        .contains("start on stopped rc RUNLEVEL=[2345]\n", "exec /bin/sh /etc/hyper2kvm/run-once\n")
        .doesNotContain("respawn", "task");
  }

  @Test
  void openRcStartsItInItsDefaultRunlevelAndInTheBackground() {
    have(GuestInit.OPENRC);
    apply(plan());

    assertThat(texts.get("/etc/init.d/hyper2kvm-firstboot"))
        .startsWith("#!/sbin/openrc-run\n")
        .doesNotContain("need ")
        .contains("use localmount net\n", "run-once </dev/null >/dev/null 2>&1 &\n");
    assertThat(texts).containsKey("/etc/runlevels/default/hyper2kvm-firstboot");
  }

  @Test
  void theInitOfSystemVStartsItBehindAllRowsAndGoesOn() {
    have(GuestInit.SYSV);
    apply(plan());

    assertThat(texts.get("/etc/inittab"))
        .isEqualTo(DEBIAN_7 + "h2k1:2345:once:/bin/sh /etc/hyper2kvm/run-once\n");
  }

  @Test
  void aScriptThatNobodyIsKnownToRunIsAFailure() {
    have(GuestInit.RC_LOCAL);

    assertThat(plan().files()).isEmpty();
    assertThat(plan().failures())
        .singleElement()
        .asString()
        .contains("neither systemd nor Upstart nor OpenRC", "leave out firstboot");
  }

  @Test
  void aGuestWithoutAnyInitIsAFailure() {
    assertThat(plan().failures()).hasSize(1);
    assertThat(plan().files()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RC_LOCAL")
  void ofASecondConversionOnlyTheScriptIsNew(GuestInit init) {
    have(init);
    apply(plan());

    assertThat(plan().files()).extracting(FileEdit::file).containsExactly(FirstbootScript.PATH);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RC_LOCAL")
  void everyTextThatIsReplacedIsReadBefore(GuestInit init) {
    have(init);

    assertThat(plan().files())
        .extracting(FileEdit::file)
        .allMatch(
            file ->
                RunOnce.FILES.contains(file)
                    || file.equals("/etc/inittab")
                    || FirstbootScript.EARLIER.contains(file));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RC_LOCAL")
  void theRemovalOfToolsAndTheScriptShareOneStart(GuestInit init) {
    have(init);
    apply(plan());

    assertThat(RemovalScript.plan(tree(), "another processor").files())
        .extracting(FileEdit::file)
        .containsExactly(RemovalScript.SCRIPT);
  }

  @Test
  void theScriptAndTheProgramAreForRootAlone() {
    have(GuestInit.SYSTEMD);

    Map<String, Integer> modes = new TreeMap<>();
    plan().files().forEach(edit -> modes.put(edit.file(), edit.mode()));
    assertThat(modes)
        .containsEntry(FirstbootScript.PATH, 0700)
        .containsEntry(RunOnce.PROGRAM, 0700);
  }

  @Test
  void theScriptsTextIsInNoEvidence() {
    have(GuestInit.SYSTEMD);

    assertThat(
            FirstbootScript.plan(tree(), "#!/bin/sh\nPASSWORD=geheim\n", "(27 bytes)")
                .files()
                .stream()
                .flatMap(edit -> edit.changes().stream())
                .flatMap(change -> Stream.of(change.before(), change.after())))
        .noneMatch(text -> text.contains("geheim"));
  }

  @Test
  void theBootTestIsKnownByTheTagOfItsMachine() {
    assertThat(RunOnce.BOOT_TEST_TAG).isEqualTo(QemuCommand.BOOT_TEST_TAG);
  }
}
