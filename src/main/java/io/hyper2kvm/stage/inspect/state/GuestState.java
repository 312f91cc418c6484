package io.hyper2kvm.stage.inspect.state;

import io.hyper2kvm.guest.state.FileSystemState;
import io.hyper2kvm.stage.StageResult;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What INSPECT found of the state of a guest's file systems.
 *
 * @param states by the appliance's device; only those that could be told
 * @param fsck the exit code of {@code fsck -a}, by device, where it was run
 * @param errors what the appliance's kernel said of damage so far
 */
public record GuestState(
    Map<String, FileSystemState> states, Map<String, Integer> fsck, List<String> errors)
    implements StageResult {

  /** Nothing is known. */
  public static final GuestState NOT_KNOWN = new GuestState(Map.of(), Map.of(), List.of());

  public GuestState {
    states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    fsck = Collections.unmodifiableMap(new LinkedHashMap<>(fsck));
    errors = List.copyOf(errors);
  }

  /** The keys of one file system in the report. */
  public Map<String, Object> json(String device) {
    Map<String, Object> json = new LinkedHashMap<>();
    FileSystemState state = states.getOrDefault(device, FileSystemState.NOT_KNOWN);
    if (state.kind() != FileSystemState.Kind.UNKNOWN) {
      json.put("state", state.kind().word());
    }
    if (!state.detail().isEmpty()) {
      json.put("state_detail", state.detail());
    }
    if (fsck.containsKey(device)) {
      json.put("fsck_exit_code", fsck.get(device));
    }
    return json;
  }

  @Override
  public Map<String, Object> json() {
    return Map.of();
  }
}
