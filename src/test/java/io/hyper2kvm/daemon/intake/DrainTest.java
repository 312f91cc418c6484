package io.hyper2kvm.daemon.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.workflow.DrainFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drain whose file cannot be looked for. */
class DrainTest {

  @TempDir private Path root;

  /** Below a file, no file can be looked for, whoever looks. */
  private Path unreachable() throws IOException {
    return Files.writeString(root.resolve("flow"), "").resolve("drain");
  }

  @Test
  void drainGoesOnWhileItsFileCannotBeLookedFor() throws IOException {
    Path folder = Files.createDirectory(root.resolve("flow"));
    DrainFile file = new DrainFile(folder.resolve("drain"));
    file.write();
    Drain drain = new Drain(file);
    file.remove();
    Files.delete(folder);
    unreachable();

    drain.look();
    assertThat(drain.isOn()).isTrue();

    Files.delete(folder);
    drain.look();
    assertThat(drain.isOn()).isFalse();
  }

  @Test
  void whatIsAtWorkIsToldWhenItChangesAndOnlyWhileItIsOn() throws IOException {
    DrainFile file = new DrainFile(root.resolve("drain"));
    Drain drain = new Drain(file);
    int[] vms = {2};
    List<String> told = new ArrayList<>();
    drain.counts(() -> vms[0]);
    drain.onChange((on, atWork) -> told.add(on + " " + atWork));

    drain.look();
    assertThat(told).isEmpty();
    file.write();
    drain.look();
    drain.look();
    vms[0] = 0;
    drain.look();
    vms[0] = 1;
    file.remove();
    drain.look();
    vms[0] = 2;
    drain.look();
    assertThat(told).containsExactly("true 2", "true 0", "false 0");
  }

  @Test
  void noDrainBeginsWhileItsFileCannotBeLookedFor() throws IOException {
    Drain drain = new Drain(new DrainFile(root.resolve("flow").resolve("drain")));
    unreachable();

    drain.look();
    assertThat(drain.isOn()).isFalse();
  }

  @Test
  void nothingBeginsAfterAStartThatCannotLookForIt() throws IOException {
    assertThat(new Drain(new DrainFile(unreachable())).isOn()).isTrue();
  }
}
