package io.hyper2kvm.manifest;

import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.GuestToolsMode;
import io.hyper2kvm.manifest.model.InspectSpec;
import io.hyper2kvm.manifest.model.LoadSpec;
import io.hyper2kvm.manifest.model.NetworkCardSpec;
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.manifest.model.WindowsFix;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pipeline with every default written out, in a manifest's own keys and always in the same order:
 * two pipelines that give the same result have the same JSON, and a manifest with that JSON has the
 * same pipeline. A section that was not asked for is left out. Whether an old output may be
 * overwritten changes no result and is left out, too.
 */
public final class PipelineJson {

  private PipelineJson() {}

  /** The pipeline as maps, lists, text and booleans; every path is absolute. */
  public static Map<String, Object> of(Pipeline pipeline) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("load", load(pipeline.load()));
    if (pipeline.inspect().requested() || pipeline.inspect().disabled()) {
      json.put("inspect", inspect(pipeline.inspect()));
    }
    json.put("fix", fix(pipeline.fix()));
    pipeline
        .fix()
        .firstboot()
        .ifPresent(script -> json.put("firstboot", object("script", script.toString())));
    json.put("convert", convert(pipeline.convert()));
    json.put(
        "validate",
        object(
            "enabled", pipeline.validate().enabled(), "boot_test", pipeline.validate().bootTest()));
    return json;
  }

  private static Map<String, Object> load(LoadSpec load) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("source_type", load.sourceType().text());
    json.put("source_path", load.sourcePath().toString());
    json.put("additional_disks", load.additionalDisks().stream().map(Path::toString).toList());
    if (!load.networkCards().isEmpty()) {
      json.put("network_cards", load.networkCards().stream().map(PipelineJson::card).toList());
    }
    load.sha256().ifPresent(sum -> json.put("checksum", "sha256:" + sum));
    return json;
  }

  private static Map<String, Object> card(NetworkCardSpec card) {
    Map<String, Object> json = new LinkedHashMap<>();
    card.name().ifPresent(name -> json.put("name", name));
    card.mac().ifPresent(mac -> json.put("mac", mac));
    return json;
  }

  private static Map<String, Object> inspect(InspectSpec inspect) {
    return object("enabled", inspect.requested(), "detect_os", inspect.detectOs());
  }

  private static Map<String, Object> fix(FixSpec fix) {
    Map<String, Object> json = new LinkedHashMap<>();
    fix.fstab().ifPresent(mode -> json.put("fstab", object("mode", mode.text())));
    fix.grub().ifPresent(g -> json.put("grub", object("serial_console", g.serialConsole())));
    fix.initramfs().ifPresent(i -> json.put("initramfs", object("regenerate", i.regenerate())));
    fix.network().ifPresent(level -> json.put("network", object("fix_level", level.text())));
    fix.guestTools()
        .ifPresent(
            mode ->
                json.put(
                    "guest_tools",
                    mode == GuestToolsMode.LEFT_ALONE ? object("enabled", false) : mode.text()));
    fix.windows().ifPresent(windows -> json.put("windows", windows(windows)));
    return json;
  }

  private static Map<String, Object> windows(WindowsFix windows) {
    Map<String, Object> json = object("enabled", true);
    windows.virtioWin().ifPresent(path -> json.put("virtio_win", path.toString()));
    return json;
  }

  private static Map<String, Object> convert(ConvertSpec convert) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("output_format", convert.format().text());
    json.put("compress", convert.compress());
    if (convert.compress()) {
      json.put("compression_type", convert.compressionType().text());
    }
    json.put("output_path", convert.output().toString());
    json.put("domain_xml", convert.target() == DomainTarget.LIBVIRT);
    Map<String, Object> domain = domain(convert);
    if (!domain.isEmpty()) {
      json.put("domain", domain);
    }
    return json;
  }

  /**
   * What is asked for in the VM's description for its target, as the section {@code convert.domain}
   * has it. Without a target in it, the target is libvirt or, as {@code domain_xml} says, none.
   */
  public static Map<String, Object> domain(ConvertSpec convert) {
    DomainSpec domain = convert.domain();
    Map<String, Object> json = new LinkedHashMap<>();
    if (convert.target() == DomainTarget.KUBEVIRT) {
      json.put("target", convert.target().text());
    }
    domain.diskBus().ifPresent(bus -> json.put("disk_bus", bus.text()));
    domain.networkModel().ifPresent(model -> json.put("network_model", model.text()));
    Map<String, Map<String, Object>> networks = new TreeMap<>();
    domain.networks().forEach((name, network) -> networks.put(name, network(network)));
    domain
        .kubevirt()
        .networks()
        .forEach(
            (name, network) ->
                networks
                    .computeIfAbsent(name, absent -> new LinkedHashMap<>())
                    .put(network.kind().text(), network.name()));
    if (!networks.isEmpty()) {
      json.put("networks", networks);
    }
    domain.cpu().ifPresent(cpu -> json.put("cpu", cpu));
    domain.kubevirt().storage().ifPresent(kind -> json.put("storage", kind.text()));
    return json;
  }

  private static Map<String, Object> network(DomainNetwork network) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(network.kind().text(), network.name());
    network.vlan().ifPresent(vlan -> json.put("vlan", vlan));
    return json;
  }

  private static Map<String, Object> object(Object... keysAndValues) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      json.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return json;
  }
}
