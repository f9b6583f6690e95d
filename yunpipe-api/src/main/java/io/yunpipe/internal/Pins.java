package io.yunpipe.internal;

import io.yunpipe.spi.Backend;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Says which images the jobs of a new run get, so that they stay the same when tags move. */
interface Pins {
  /** Returns an image as it is to stay; empty if that is not known. */
  Optional<String> pin(String stage, String image);

  /** Returns the images as they are at this moment. */
  static Pins now(Backend backend) {
    return backend::pin;
  }

  /** Returns the images that runs of a pipeline get: where it was set up, those of that moment. */
  static Supplier<Pins> of(Site site, String pipeline) {
    return () ->
        site.backend().takesUploads()
            ? deployed(Deployment.read(site.store(), pipeline))
            : now(site.backend());
  }

  private static Pins deployed(Optional<Deployment> deployment) {
    List<StagePlan> stages = deployment.map(Deployment::stages).orElse(List.of());
    return (name, image) ->
        stages.stream()
            .filter(stage -> stage.name().equals(name))
            .map(StagePlan::algorithm)
            .filter(algorithm -> image.equals(algorithm.image()))
            .flatMap(algorithm -> Optional.ofNullable(algorithm.imagePin()).stream())
            .findFirst();
  }

  /** Returns the stages with their images as they are to stay; asks for none if none has one. */
  static List<StagePlan> on(List<StagePlan> stages, Supplier<Pins> supplier) {
    if (stages.stream().allMatch(stage -> stage.algorithm().image() == null)) {
      return stages;
    }
    Pins pins = supplier.get();
    return stages.stream().map(stage -> pinned(stage, pins)).toList();
  }

  private static StagePlan pinned(StagePlan stage, Pins pins) {
    return Optional.ofNullable(stage.algorithm().image())
        .flatMap(image -> pins.pin(stage.name(), image))
        .map(stage::pinned)
        .orElse(stage);
  }
}
