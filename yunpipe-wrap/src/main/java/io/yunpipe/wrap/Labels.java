package io.yunpipe.wrap;

/** Labels that wrapped images have. */
public final class Labels {
  /** The algorithm's name. */
  public static final String ALGORITHM = "io.yunpipe.algorithm";

  /** The algorithm's version. */
  public static final String VERSION = "io.yunpipe.version";

  /** The digest of the program that runs inside. */
  public static final String RUNNER = "io.yunpipe.runner";

  /** The digest of what describes the algorithm, its command and needs. */
  public static final String DESCRIPTION = "io.yunpipe.description-digest";

  /** The base, with its digest. */
  public static final String BASE = "io.yunpipe.base";

  /** The base's own entry point, as a JSON array. */
  public static final String ENTRY_POINT = "io.yunpipe.entrypoint";

  /** What followed the base's own entry point, as a JSON array. */
  public static final String COMMAND = "io.yunpipe.cmd";

  /** The base's name, as the OCI calls it. */
  public static final String BASE_NAME = "org.opencontainers.image.base.name";

  /** The digest of the base's manifest, as the OCI calls it. */
  public static final String BASE_DIGEST = "org.opencontainers.image.base.digest";

  private Labels() {}
}
