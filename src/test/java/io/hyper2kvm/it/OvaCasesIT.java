package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OVAs whose descriptions and manifests of sums are not as the simplest ones are. */
class OvaCasesIT {

  private static final String SRV = "UUID=11111111-2222-4333-8444-00000000000b /srv ext4";
  private static final String BACKUP = "UUID=11111111-2222-4333-8444-00000000000c /backup ext4";

  @TempDir Path folder;

  @Test
  void unitsDecideWhichDiskALetterMeans() throws Exception {
    GuestCase planned = GuestCase.planned("ova-units-out-of-order", folder.toRealPath());

    assertThat(planned.completed()).as(planned.report().toString()).isTrue();
    assertThat(planned.linesAfter("/etc/fstab"))
        .anySatisfy(line -> assertThat(line).startsWith(SRV))
        .anySatisfy(line -> assertThat(line).startsWith(BACKUP));
    assertThat(planned.warnings()).noneMatch(warning -> warning.contains("/etc/fstab"));
    assertThat(planned.report().at("/stages/load/artifacts").findValuesAsText("member"))
        .containsExactly("db-disk1.vmdk", "db-disk3.vmdk", "db-disk2.vmdk");
  }

  @Test
  void aManifestThatListsItselfVerifiesTheOthers() throws Exception {
    GuestCase planned = GuestCase.planned("ova-mf-lists-itself", folder.toRealPath());

    assertThat(planned.completed()).as(planned.report().toString()).isTrue();
    assertThat(planned.warnings())
        .anySatisfy(
            warning -> assertThat(warning).startsWith("home.mf, line 1").contains("passed over"));
    assertThat(planned.report().at("/stages/load/appliance/checksums_verified"))
        .extracting(name -> name.asText())
        .containsExactlyInAnyOrder("home.ovf", "home-disk1.vmdk");
  }
}
