package io.yunpipe.aws.stack;

/** Where a stack is in its life. */
enum StackState {
  /** There is none. */
  ABSENT,
  /** A change set waits for a stack that does not exist otherwise. */
  REVIEWED,
  /** It is being made or changed, or goes back to what it was. */
  IN_PROGRESS,
  /** All is as the last change wanted it. */
  COMPLETE,
  /** The last change failed and was undone; it can be used and changed. */
  ROLLED_BACK,
  /** The last change failed, and so did undoing it. */
  STUCK,
  /** It could not be made, and can only be deleted. */
  FAILED,
  /** It is being deleted. */
  DELETING,
  /** Something in it could not be deleted. */
  DELETE_FAILED;

  /** Returns the state for a status of CloudFormation. */
  static StackState of(String status) {
    return switch (status) {
      case "DELETE_COMPLETE" -> ABSENT;
      case "REVIEW_IN_PROGRESS" -> REVIEWED;
      case "CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE" -> COMPLETE;
      case "UPDATE_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_COMPLETE" -> ROLLED_BACK;
      case "UPDATE_ROLLBACK_FAILED", "IMPORT_ROLLBACK_FAILED" -> STUCK;
      case "CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED" -> FAILED;
      case "DELETE_IN_PROGRESS" -> DELETING;
      case "DELETE_FAILED" -> DELETE_FAILED;
      // UPDATE_COMPLETE_CLEANUP_IN_PROGRESS and the like; what is not known here is waited for.
      default -> IN_PROGRESS;
    };
  }

  /** Returns whether waiting will lead elsewhere. */
  boolean passing() {
    return this == IN_PROGRESS || this == DELETING;
  }

  /** Returns whether the stack can be used and changed. */
  boolean usable() {
    return this == COMPLETE || this == ROLLED_BACK;
  }
}
