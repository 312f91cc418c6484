package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.firstboot.FirstbootScript;
import io.hyper2kvm.guest.firstboot.RemovalScript;
import io.hyper2kvm.guest.firstboot.RunOnce;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GuestToolsMode;
import io.hyper2kvm.stage.Sha256;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script for the first boot in a guest in memory. */
class FirstbootPlacementTest extends FixedGuest {

  private static final String TEXT = "#!/bin/sh\necho '\u00e4\u00ff'\n";
  private static final String UNIT = "/etc/systemd/system/hyper2kvm-firstboot.service";
  private static final Optional<FstabMode> NO_FSTAB = Optional.empty();

  private Path script = Path.of("/");

  private void asks(String text) throws IOException {
    asks(text, NO_FSTAB, Optional.empty());
  }

  private void asks(String text, Optional<FstabMode> fstab, Optional<GuestToolsMode> tools)
      throws IOException {
    script =
        Files.write(jobs.root.resolve("in/first.sh"), text.getBytes(StandardCharsets.ISO_8859_1));
    jobs.fix =
        new FixSpec(fstab, Optional.empty(), Optional.empty(), Optional.empty(), tools)
            .withFirstboot(Optional.of(script));
  }

  private Map<String, Object> applied(String fix) {
    Map<String, Object> found = new LinkedHashMap<>();
    applied().stream()
        .map(entry -> (Map<?, ?>) entry)
        .filter(entry -> fix.equals(entry.get("fix")))
        .forEach(entry -> entry.forEach((key, value) -> found.put(String.valueOf(key), value)));
    return found;
  }

  @Test
  void theGuestGetsTheScriptByteForByteAndItsStart() throws IOException {
    asks(TEXT);
    fix();

    assertThat(guest.text(ROOT, FirstbootScript.PATH)).isEqualTo(TEXT);
    assertThat(guest.text(ROOT, RunOnce.PROGRAM)).startsWith("#!/bin/sh\n");
    assertThat(guest.text(ROOT, UNIT)).contains("ExecStart=/bin/sh " + RunOnce.PROGRAM);
    assertThat(guest.commands)
        .contains(List.of("-chmod", "0700", FirstbootScript.PATH))
        .contains(List.of("-chmod", "0700", RunOnce.PROGRAM));
  }

  @Test
  void theReportNamesIt() throws IOException {
    asks(TEXT);
    fix();

    assertThat(applied("firstboot"))
        .containsEntry("status", "applied")
        .containsEntry("script", script.toString())
        .containsEntry("sha256", Sha256.of(script))
        .containsEntry("size_bytes", TEXT.length())
        .containsEntry("path", "/etc/hyper2kvm/firstboot-script")
        .containsEntry("init", "systemd")
        .containsEntry("log", "/var/log/hyper2kvm-firstboot.log");
    assertThat(applied("firstboot").get("changes").toString())
        .contains("file=" + FirstbootScript.PATH, "rule=firstboot.script", "file=" + UNIT);
  }

  @Test
  void withoutFixNothingElseOfTheGuestChanges() throws IOException {
    Map<String, byte[]> before = new LinkedHashMap<>(guest.fileSystems.get(ROOT));
    guest.file(ROOT, "/usr/bin/vmtoolsd", "x");
    guest.file(
        ROOT,
        "/etc/systemd/system/multi-user.target.wants/hv-kvp-daemon.service",
        "[Unit]\nBindsTo=sys-devices-virtual-misc-vmbus\\x21hv_kvp.device\n");
    asks(TEXT);
    fix();

    assertThat(applied()).hasSize(1);
    assertThat(guest.fileSystems.get(ROOT)).containsAllEntriesOf(before);
    assertThat(guest.fileSystems.get(ROOT))
        .containsKey("/etc/systemd/system/multi-user.target.wants/hv-kvp-daemon.service");
  }

  @Test
  void theScriptIsTheOneThatWasCheckedWhateverBecomesOfTheFile() throws IOException {
    asks(TEXT);
    guest.onMount = this::replaceScript;
    fix();

    assertThat(Files.readString(script)).isEqualTo("replaced");
    assertThat(guest.text(ROOT, FirstbootScript.PATH)).isEqualTo(TEXT);
  }

  private void replaceScript() {
    try {
      Files.writeString(script, "replaced");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "#!/bin/bash | /bin/bash, which is no program in the guest",
        "#!/usr/bin/python3 -u | /usr/bin/python3",
        "#!/usr/bin/env sh | /usr/bin/env",
        "#!/etc/hostname | /etc/hostname, which is no program",
        "#!/etc | /etc, which is no program",
      })
  void anInterpreterThatTheGuestLacksIsAFailure(String line, String reason) throws IOException {
    guest.notExecutable.add("/etc/hostname");
    asks(line + "\n");

    assertFails(FailureCode.FIX_FIRSTBOOT_FAILED, reason);
    assertThat(guest.fileSystems.get(ROOT)).doesNotContainKey(FirstbootScript.PATH);
  }

  @Test
  void aProgramOfEnvIsLookedForOnTheSearchPath() throws IOException {
    guest.file(ROOT, "/usr/bin/env", "x").file(ROOT, "/usr/local/bin/python3", "x");
    asks("#!/usr/bin/env python3\n");
    fix();

    assertThat(applied("firstboot")).containsEntry("status", "applied");

    asks("#!/usr/bin/env perl\n");
    assertFails(
        FailureCode.FIX_FIRSTBOOT_FAILED, "perl, which is no program in the guest in any of");
  }

  @Test
  void whatAnEarlierConversionLeftGoes() throws IOException {
    guest
        .file(ROOT, FirstbootScript.PATH, "#!/bin/sh\nold\n")
        .file(ROOT, FirstbootScript.PATH + ".started", "x")
        .file(ROOT, FirstbootScript.PATH + ".done", "x")
        .file(ROOT, RunOnce.PROGRAM, "an older one");
    asks(TEXT);
    fix();

    assertThat(guest.text(ROOT, FirstbootScript.PATH)).isEqualTo(TEXT);
    assertThat(guest.text(ROOT, RunOnce.PROGRAM)).startsWith("#!/bin/sh\n");
    assertThat(guest.fileSystems.get(ROOT))
        .doesNotContainKeys(FirstbootScript.PATH + ".started", FirstbootScript.PATH + ".done");
    assertThat(applied("firstboot").get("changes").toString())
        .contains("file=%s.started".formatted(FirstbootScript.PATH), "rule=firstboot.earlier")
        .doesNotContain(".interrupted");
  }

  @Test
  void aGuestWhoseInitIsNotKnownIsRefused() throws IOException {
    guest.fileSystems.get(ROOT).remove("/lib/systemd/systemd");
    asks(TEXT);

    assertFails(FailureCode.FIX_FIRSTBOOT_FAILED, "neither systemd nor Upstart nor OpenRC");
    assertThat(guest.commands).noneMatch(words -> words.get(0).equals("-upload"));
  }

  @Test
  void systemdThatDoesNotStartTheGuestIsNotTaken() throws IOException {
    guest.file(ROOT, "/sbin/init", "x");
    guest.file(ROOT, "/etc/inittab", "l2:2:wait:/etc/init.d/rc 2\n");
    asks(TEXT);
    fix();

    assertThat(applied("firstboot")).containsEntry("init", "sysvinit");
    assertThat(guest.text(ROOT, "/etc/inittab")).endsWith("/bin/sh " + RunOnce.PROGRAM + "\n");
    assertThat(guest.fileSystems.get(ROOT)).doesNotContainKey(UNIT);
  }

  @Test
  void aLinkToSystemdIsSystemd() throws IOException {
    guest.links.put("/sbin/init", "/lib/systemd/systemd");
    asks(TEXT);
    fix();

    assertThat(applied("firstboot")).containsEntry("init", "systemd");
  }

  @Test
  void theToolsOfTheFirstBootAndTheScriptShareOneStart() throws IOException {
    guest.file(ROOT, "/usr/bin/vmtoolsd", "x").file(ROOT, "/usr/bin/dpkg", "x");
    asks(TEXT, Optional.of(FstabMode.STABILIZE_ALL), Optional.of(GuestToolsMode.REMOVE));
    fix();

    assertThat(guest.text(ROOT, RemovalScript.SCRIPT)).startsWith("#!/bin/sh\n");
    assertThat(guest.text(ROOT, FirstbootScript.PATH)).isEqualTo(TEXT);
    assertThat(guest.fileSystems.get(ROOT).keySet())
        .filteredOn(path -> path.startsWith("/etc/systemd/system/"))
        .hasSize(2);
    assertThat(applied("guest_tools")).containsEntry("removed_at_first_boot", RemovalScript.SCRIPT);
  }

  @Test
  void theScriptsTextIsNotInTheReport() throws IOException {
    asks("#!/bin/sh\nPASSWORD=geheim\n");
    fix();

    assertThat(JobOutcome.of(job).stages().toString()).doesNotContain("geheim");
  }

  @Test
  void aGuestThatIsNoLinuxIsRefused() throws IOException {
    guest.fileSystems.get(ROOT).clear();
    asks(TEXT);

    assertFails(FailureCode.GUEST_UNSUPPORTED, "a script for the first boot was asked for");
  }
}
