package io.hyper2kvm.daemon.observe;

import io.hyper2kvm.daemon.completion.WaitingEnds;
import io.hyper2kvm.daemon.intake.IntakePolls;
import io.hyper2kvm.daemon.intake.ManifestsInFlight;
import io.hyper2kvm.tool.ToolRunner;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The parts of a daemon that are watched.
 *
 * @param polls the looks into the drop zone
 * @param inFlight the manifests that are held
 * @param ends the manifests that wait for space for their reports
 * @param tools starts the tools
 * @param stopping whether the daemon is being stopped
 * @param scheduled how many manifests wait for their time
 * @param waitsForTime whether a manifest in the drop zone does, by its name
 * @param refusal why no manifest is taken, and what ends it; empty while manifests are taken
 */
public record Observed(
    IntakePolls polls,
    ManifestsInFlight inFlight,
    WaitingEnds ends,
    ToolRunner tools,
    BooleanSupplier stopping,
    LongSupplier scheduled,
    Predicate<String> waitsForTime,
    Supplier<Optional<String>> refusal) {}
