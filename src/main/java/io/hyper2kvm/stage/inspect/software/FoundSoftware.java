package io.hyper2kvm.stage.inspect.software;

import io.hyper2kvm.guest.cloud.CloudInit;
import io.hyper2kvm.guest.leftover.GuestTree;
import io.hyper2kvm.guest.leftover.LeftoverFix;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The tools of hypervisors and cloud-init in a guest.
 *
 * @param tree the guest's files that tell of them; without a value nobody looked
 * @param cloud cloud-init
 */
public record FoundSoftware(Optional<GuestTree> tree, CloudInit cloud) {

  /** Of a guest that was not searched. */
  public static final FoundSoftware NOTHING = new FoundSoftware(Optional.empty(), CloudInit.NONE);

  public FoundSoftware {
    Objects.requireNonNull(tree, "tree");
    Objects.requireNonNull(cloud, "cloud");
  }

  /** The keys of the report; none where nobody looked. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    if (tree.isEmpty()) {
      return json;
    }
    List<Object> tools = new ArrayList<>();
    LeftoverFix.found(tree.get())
        .forEach(
            (hypervisor, files) -> {
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("hypervisor", hypervisor.text());
              entry.put("files", files);
              tools.add(entry);
            });
    json.put("guest_tools", tools);
    json.put("guest_agent", LeftoverFix.hasQemuAgent(tree.get()));
    if (cloud.enabled()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("datasource", Printable.guestLine(cloud.datasource()));
      entry.put("instance", Printable.guestLine(cloud.instance()));
      entry.put("new_instance", cloud.becomesNewInstance());
      json.put("cloud_init", entry);
    }
    return json;
  }
}
