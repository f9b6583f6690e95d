package io.yunpipe.wrap;

import java.util.Set;

/** Types of manifests, configurations and layers that are understood. */
final class MediaTypes {
  static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
  static final String OCI_LAYER_PLAIN = "application/vnd.oci.image.layer.v1.tar";

  static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";

  static final String DOCKER_LAYER_PLAIN = "application/vnd.docker.image.rootfs.diff.tar";

  static final Set<String> INDEXES = Set.of(OCI_INDEX, DOCKER_LIST);
  static final Set<String> MANIFESTS = Set.of(OCI_MANIFEST, DOCKER_MANIFEST);
  static final Set<String> CONFIGS = Set.of(OCI_CONFIG, DOCKER_CONFIG);

  /** What a registry is asked for. */
  static final String ACCEPT =
      String.join(", ", OCI_INDEX, DOCKER_LIST, OCI_MANIFEST, DOCKER_MANIFEST);

  private MediaTypes() {}

  /** Returns the type of a gzipped layer in a manifest of a type. */
  static String layerOf(String manifest) {
    return manifest.equals(OCI_MANIFEST) ? OCI_LAYER : DOCKER_LAYER;
  }

  /** Returns what the OCI calls the same thing; layouts on disk have nothing else. */
  static String oci(String type) {
    return switch (type) {
      case DOCKER_LIST -> OCI_INDEX;
      case DOCKER_MANIFEST -> OCI_MANIFEST;
      case DOCKER_CONFIG -> OCI_CONFIG;
      case DOCKER_LAYER -> OCI_LAYER;
      case DOCKER_LAYER_PLAIN -> OCI_LAYER_PLAIN;
      default -> type;
    };
  }

  /** Layers that stay where their owner keeps them, as those of Windows. */
  static boolean foreign(String layer) {
    return layer.contains(".foreign.") || layer.contains(".nondistributable.");
  }
}
