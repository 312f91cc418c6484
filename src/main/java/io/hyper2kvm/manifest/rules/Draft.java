package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.manifest.parse.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A manifest on its way from tree to record: the batch's defaults are merged and the paths
 * resolved, but any value may still be missing or malformed.
 *
 * @param fileName the file's name, without its directory
 * @param root the manifest's object
 * @param batch whether it is, or seems meant as, a batch
 * @param vms its VMs, as far as they are objects
 */
public record Draft(String fileName, Node root, boolean batch, List<Vm> vms) {

  /** As many as the schema allows; what is beyond is reported by it and not looked at. */
  private static final int MAX_VMS = 5000;

  private static final int MAX_DISKS = 64;

  /**
   * A path and the value that says so.
   *
   * @param node the value; for an output by default, the VM
   * @param path absolute and normalized
   */
  public record Place(Node node, Path path) {}

  /**
   * One VM.
   *
   * @param node its object; the manifest itself for a single VM
   * @param name its name, if it has a valid one
   * @param pipeline its pipeline with the defaults merged in, if there is one
   * @param disks its sources that could be resolved
   * @param output where its first disk goes, if that could be resolved
   * @param virtioWin the drivers for a Windows, if they are named and could be resolved
   * @param script the script for the first boot, if it is named and could be resolved
   */
  public record Vm(
      Node node,
      Optional<String> name,
      Optional<Node> pipeline,
      List<Place> disks,
      Optional<Place> output,
      Optional<Place> virtioWin,
      Optional<Place> script) {

    public Optional<Node> section(String name) {
      return pipeline.flatMap(node -> node.field(name));
    }

    /** For what it is described beside its output. */
    public DomainTarget target() {
      return section("convert").map(DomainKeys::target).orElse(DomainTarget.LIBVIRT);
    }

    /** Where that description goes; empty when none is wanted, or when that is not known. */
    Optional<Place> description() {
      return name.flatMap(vm -> target().fileName(vm))
          .flatMap(
              file ->
                  output.map(first -> new Place(first.node(), first.path().resolveSibling(file))));
    }

    /** The output's format, also by default; empty when the manifest says what there is not. */
    public Optional<OutputFormat> format() {
      return formatOf(pipeline);
    }
  }

  public static Draft of(
      String fileName,
      Node root,
      PipelineMerge merge,
      PathResolver paths,
      ManifestContext context) {
    boolean batch =
        root.boolOf("batch")
            .orElse(root.field("vms").isPresent() && root.field("pipeline").isEmpty());
    List<Vm> vms = new ArrayList<>();
    if (batch) {
      Optional<Node> defaults = root.field("defaults", "pipeline");
      root.field("vms").map(Node::items).orElse(List.of()).stream()
          .limit(MAX_VMS)
          .filter(node -> node.is(Node.Kind.OBJECT))
          .forEach(
              node ->
                  vms.add(
                      vm(
                          node,
                          node.textOf("name"),
                          merge.merge(defaults, node.field("pipeline")),
                          paths,
                          context)));
    } else {
      Optional<String> name = Optional.of(root.textOf("name").orElse(stem(fileName)));
      Optional<Node> none = Optional.empty();
      vms.add(vm(root, name, merge.merge(none, root.field("pipeline")), paths, context));
    }
    return new Draft(fileName, root, batch, List.copyOf(vms));
  }

  private static Vm vm(
      Node node,
      Optional<String> writtenName,
      Optional<Node> pipeline,
      PathResolver paths,
      ManifestContext context) {
    Optional<String> name = writtenName.filter(VmSpec::isName);
    List<Place> disks = new ArrayList<>();
    Optional<Node> load = pipeline.flatMap(p -> p.field("load"));
    load.flatMap(l -> l.field("source_path")).ifPresent(path -> place(path, paths, disks));
    load.flatMap(l -> l.field("additional_disks")).map(Node::items).orElse(List.of()).stream()
        .limit(MAX_DISKS)
        .forEach(path -> place(path, paths, disks));
    Optional<Node> outputPath = pipeline.flatMap(p -> p.field("convert", "output_path"));
    Optional<Place> output =
        outputPath.isPresent()
            ? outputPath.flatMap(n -> paths.output(n).map(path -> new Place(n, path)))
            : name.flatMap(
                n ->
                    formatOf(pipeline)
                        .map(
                            f ->
                                new Place(
                                    node.field("name").orElse(node),
                                    context
                                        .outputDir()
                                        .resolve(n + "-converted." + f.extension()))));
    Optional<Place> virtioWin =
        pipeline
            .flatMap(p -> p.field("fix", "windows"))
            .flatMap(windows -> windows.field("virtio_win"))
            .flatMap(n -> paths.virtioWin(n).map(path -> new Place(n, path)));
    Optional<Place> script =
        pipeline
            .flatMap(p -> p.field("firstboot", "script"))
            .flatMap(n -> paths.script(n).map(path -> new Place(n, path)));
    return new Vm(node, name, pipeline, List.copyOf(disks), output, virtioWin, script);
  }

  private static void place(Node node, PathResolver paths, List<Place> into) {
    paths.source(node).ifPresent(path -> into.add(new Place(node, path)));
  }

  private static Optional<OutputFormat> formatOf(Optional<Node> pipeline) {
    Optional<Node> written = pipeline.flatMap(p -> p.field("convert", "output_format"));
    return written.isEmpty()
        ? Optional.of(OutputFormat.QCOW2)
        : written
            .flatMap(Node::asText)
            .flatMap(word -> Words.find(OutputFormat.values(), OutputFormat::text, word));
  }

  /** The file's name without its extension. */
  public static String stem(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot < 0 ? fileName : fileName.substring(0, dot);
  }
}
