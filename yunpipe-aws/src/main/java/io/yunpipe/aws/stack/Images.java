package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.template.ComputeSpec;
import io.yunpipe.aws.template.ComputeSpec.Architecture;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.spi.ImageFinder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pins images to what their tags mean now, and sees that workers can run them: made for the right
 * processor, with the worker in them where they are what AWS starts. ECR of this region is asked
 * for by AWS's own calls, other registries as a pull would.
 */
final class Images {
  private final EcrImages ecr;
  private final Optional<ImageFinder> others;
  private final Architecture architecture;
  private final boolean started;
  private final Map<String, String> pinned = new HashMap<>();

  Images(Cloud cloud, ComputeSpec compute, Optional<ImageFinder> others) {
    this.architecture = compute.architecture();
    this.ecr = new EcrImages(cloud, word());
    this.others = others;
    this.started = compute.engine() != Engine.EC2_SSM;
  }

  /**
   * Returns an image's name with its digest, or as it is if it cannot be looked at.
   *
   * @param problems takes what makes it unusable
   */
  String pinned(String stage, String image, List<String> problems, SetUpListener listener) {
    String known = pinned.get(image);
    if (known == null) {
      known = look(stage, image, problems, listener);
      pinned.put(image, known);
    }
    return known;
  }

  private String look(String stage, String image, List<String> problems, SetUpListener listener) {
    boolean ours = ecr.has(image);
    Optional<LookedAt> found;
    try {
      if (!ours && others.isEmpty()) {
        notLookedAt(stage, image, "it is not in ECR of this region", listener);
        return image;
      }
      found = ours ? ecr.look(image, listener) : elsewhere(image);
    } catch (BackendException | IllegalArgumentException e) {
      // What this machine may not read AWS may; of its own registry that would be odd.
      if (ours) {
        problems.add("stage " + stage + ", image " + image + ": " + e.getMessage());
      } else {
        notLookedAt(stage, image, String.valueOf(e.getMessage()), listener);
      }
      return image;
    }
    if (found.isEmpty()) {
      problems.add(
          "stage " + stage + ": there is no image " + image + ". Push it, or name another");
      return image;
    }
    check(stage, image, found.get(), problems);
    String digest = found.get().digest();
    return digest.isEmpty() ? image : ImageFinder.pinned(image, digest);
  }

  private Optional<LookedAt> elsewhere(String image) {
    return others
        .orElseThrow()
        .find(image)
        .map(
            found ->
                new LookedAt(found.digest(), found.architectures(), Optional.of(found.labels())));
  }

  private void notLookedAt(String stage, String image, String why, SetUpListener listener) {
    listener.step(
        "Not looked at: image "
            + image
            + " of stage "
            + stage
            + ": "
            + why
            + "; that it exists, has the worker and runs on "
            + word()
            + " is not checked");
  }

  private void check(String stage, String image, LookedAt found, List<String> problems) {
    if (!found.architectures().isEmpty() && !found.architectures().contains(word())) {
      problems.add(
          "stage "
              + stage
              + ": image "
              + image
              + " is for "
              + String.join(", ", found.architectures())
              + ", but yunpipe.aws.architecture is "
              + (architecture == Architecture.ARM64 ? "arm64" : "x86-64")
              + ". Build it for that, or change the setting");
    } else if (started && found.lacksWorker()) {
      problems.add(
          "stage "
              + stage
              + ": image "
              + image
              + " has no worker in it, so AWS could start it, but not give it work. Wrap it with"
              + " 'yunpipe wrap' and name the image that this makes. If you have added the worker"
              + " yourself (docs/worker.md), give the image the label "
              + LookedAt.RUNNER);
    }
  }

  private String word() {
    return architecture == Architecture.ARM64 ? "arm64" : "amd64";
  }
}
