package io.yunpipe.aws.http;

import io.yunpipe.BackendException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Words for calls of the control plane that a service refused. */
public final class AwsFailure {
  private static final Set<String> DENIED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "UnauthorizedOperation",
          "AuthorizationError",
          "AuthorizationErrorException",
          "NotAuthorized");

  private static final Set<String> CREDENTIALS =
      Set.of(
          "InvalidClientTokenId",
          "UnrecognizedClientException",
          "SignatureDoesNotMatch",
          "InvalidSignatureException",
          "IncompleteSignature",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "InvalidAccessKeyId",
          "AuthFailure");

  private AwsFailure() {}

  /**
   * What was attempted.
   *
   * @param permission the permission it needs, such as {@code cloudformation:CreateChangeSet}
   * @param on the resource, such as {@code stack yunpipe-edges}
   */
  public record Attempt(String permission, String on) {
    /** Returns the service's name of the call. */
    String action() {
      return permission.substring(permission.indexOf(':') + 1);
    }
  }

  /** Returns whether the right to do it is missing. */
  public static boolean denied(AwsError error) {
    return DENIED.contains(error.code());
  }

  /** Returns the exception for an error that a service told. */
  public static BackendException of(Attempt attempt, AwsError error, @Nullable Throwable cause) {
    String said = error.toString();
    return new BackendException(
        "Could not call "
            + attempt.action()
            + " on "
            + attempt.on()
            + ": "
            + said
            + (said.endsWith(".") ? " " : ". ")
            + remedy(attempt, error),
        error.passing(),
        cause);
  }

  /** Returns what to do about the credentials; empty if the error is not about them. */
  public static Optional<String> credentials(AwsError error) {
    if (error.expired()) {
      return Optional.of(
          "The credentials have ended and looking for new ones did not help; sign in again.");
    }
    return CREDENTIALS.contains(error.code())
        ? Optional.of(
            "The service does not accept the credentials in use; sign in with 'aws sso login' or"
                + " 'aws configure', or name another profile (yunpipe.aws.profile).")
        : Optional.empty();
  }

  private static String remedy(Attempt attempt, AwsError error) {
    if (denied(error)) {
      return "Missing permission: "
          + attempt.permission()
          + " on "
          + attempt.on()
          + ". Grant it to the identity in use, or name another profile (yunpipe.aws.profile).";
    }
    Optional<String> credentials = credentials(error);
    if (credentials.isPresent()) {
      return credentials.get();
    }
    return error.passing()
        ? "Try again later; what was done before stays, and the same command goes on from there."
        : "Check the settings yunpipe.aws.";
  }
}
