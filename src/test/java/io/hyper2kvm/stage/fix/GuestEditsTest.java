package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestEditsTest {

  @TempDir Path directory;
  private VmJob job;

  @BeforeEach
  void load() throws IOException {
    job = new Jobs(directory.toRealPath()).withRawSource().loaded();
  }

  private static List<Change> change(String file) {
    return List.of(new Change(file, 0, "", "", "rule", "reason"));
  }

  private static FileEdit removal(String file, String before) {
    return FileEdit.removal(file, before, change(file));
  }

  private static FileEdit newFile(String file, String text, int mode) {
    return new FileEdit(file, Optional.empty(), Optional.of(text), mode, change(file));
  }

  @Test
  void anEditThatDidNotArriveFails() throws IOException {
    GuestEdits edits = new GuestEdits(new TreeMap<>(Map.of("/etc/fstab", "old\n")));
    edits.write("/etc/fstab", "new\n");
    var script = edits.script(job.directory(), job.toolFiles());

    assertThatThrownBy(
            () -> edits.accept(script.answers(FakeGuest.echoes(script.text())), directory))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.APPLIANCE_FAILED));
  }

  @Test
  void aFileThatWasToGoAndIsStillThereFails() throws IOException {
    GuestEdits edits = new GuestEdits(new TreeMap<>(Map.of("/boot/device.map", "x")));
    edits.apply(EditPlan.of(removal("/boot/device.map", "x")));
    var script = edits.script(job.directory(), job.toolFiles());
    String echoes = new String(FakeGuest.echoes(script.text()), StandardCharsets.UTF_8);
    int end = echoes.indexOf('\n') + 1;
    byte[] stillThere =
        (echoes.substring(0, end) + "true\n" + echoes.substring(end))
            .getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> edits.accept(script.answers(stillThere), directory))
        .isInstanceOf(StageFailedException.class)
        .hasMessageContaining("/boot/device.map could not be written");
  }

  @Test
  void fullGuestFileSystemsHaveTheirOwnCode() throws IOException {
    GuestEdits edits = new GuestEdits(new TreeMap<>());
    edits.write("/etc/fstab", "new\n");
    var script = edits.script(job.directory(), job.toolFiles());
    Path log = Files.writeString(directory.resolve("log"), "upload: No space left on device");

    assertThatThrownBy(() -> edits.accept(script.answers(FakeGuest.echoes(script.text())), log))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.GUEST_NO_SPACE));
  }

  @Test
  void bytesOfAnyEncodingArriveAndModesAreGivenWhereTheyMatter() throws IOException {
    FakeGuest guest = FakeGuest.debian();
    guest.mounts.put("/", "/dev/sda1");
    GuestEdits edits = new GuestEdits(new TreeMap<>(Map.of("/etc/fstab", "old")));
    edits.write("/etc/fstab", "latin \u00fc\n");
    edits.apply(EditPlan.of(newFile("/etc/NetworkManager/new.nmconnection", "secret", 0600)));
    edits.write("/etc/dracut.conf.d/new.conf", "x");
    var script = edits.script(job.directory(), job.toolFiles());

    edits.accept(script.answers(guest.answer(script.text())), directory);

    assertThat(guest.text("/dev/sda1", "/etc/fstab")).isEqualTo("latin \u00fc\n");
    assertThat(guest.commands)
        .filteredOn(words -> words.get(0).equals("-chmod"))
        .containsExactly(
            List.of("-chmod", "0600", "/etc/NetworkManager/new.nmconnection"),
            List.of("-chmod", "0644", "/etc/dracut.conf.d/new.conf"));
  }

  @Test
  void theTextsAreAsTheyWillBe() {
    GuestEdits edits = new GuestEdits(new TreeMap<>(Map.of("/a", "1", "/b", "2")));
    edits.apply(EditPlan.of(removal("/a", "1")));
    edits.write("/c", "3");

    assertThat(edits.texts()).isEqualTo(Map.of("/b", "2", "/c", "3"));
    assertThat(edits.text("/a")).isEmpty();
    assertThat(edits.text("/b")).contains("2");
  }
}
