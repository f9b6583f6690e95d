package io.yunpipe.aws.template;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image in ECR.
 *
 * @param host the registry's name
 * @param account the account that has the repository
 * @param region its region
 * @param repository its name
 */
record EcrImage(String host, String account, String region, String repository) {
  private static final Pattern REFERENCE =
      Pattern.compile(
          "((\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?)/([^:@]+)(?:[:@].*)?");

  /** Returns what a reference names, if that is in ECR. */
  static Optional<EcrImage> of(@Nullable String reference) {
    Matcher parts = REFERENCE.matcher(reference == null ? "" : reference);
    return parts.matches()
        ? Optional.of(new EcrImage(parts.group(1), parts.group(2), parts.group(3), parts.group(4)))
        : Optional.empty();
  }

  /** Returns the repository's name for policies. */
  String arn(String partition) {
    return new Account(partition, account, region).arn("ecr", "repository/" + repository);
  }
}
