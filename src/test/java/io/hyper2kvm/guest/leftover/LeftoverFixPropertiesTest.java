package io.hyper2kvm.guest.leftover;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Any text of a guest is taken, and a second plan changes nothing. */
@Tag("property")
class LeftoverFixPropertiesTest {

  private static final String[] FILES = {
    "/etc/fstab",
    "/etc/modules",
    "/etc/inittab",
    "/etc/X11/xorg.conf",
    "/etc/systemd/system/multi-user.target.wants/vboxadd.service",
    "/usr/lib/systemd/system/vboxadd.service"
  };
  private static final String[] PIECES = {
    "Section \"Device\"\n",
    "Driver \"vmware\"\n",
    ".host:/ /h vmhgfs",
    " rw",
    "\n",
    "xenfs\n",
    "BindsTo=dev-vmci.device\n",
    "ConditionVirtualization=",
    "\\",
    "a:2:respawn:getty hvc0\n"
  };

  @Property(tries = 300)
  void aSecondPlanChangesNothing(
      @ForAll @Size(max = 12) java.util.List<Integer> choice,
      @ForAll @StringLength(max = 20) String noise,
      @ForAll boolean systemd) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (String file : FILES) {
      StringBuilder text = new StringBuilder(noise);
      choice.forEach(i -> text.append(PIECES[Math.floorMod(i, PIECES.length)]));
      texts.put(file, text.toString());
    }
    EditPlan first = LeftoverFix.plan(GuestTree.of(texts, systemd));
    for (FileEdit edit : first.files()) {
      edit.after()
          .ifPresentOrElse(text -> texts.put(edit.file(), text), () -> texts.remove(edit.file()));
    }

    assertThat(LeftoverFix.plan(GuestTree.of(texts, systemd)).files()).isEmpty();
  }
}
