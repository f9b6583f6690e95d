package io.yunpipe;

/**
 * A backend that a program hands over ready-made, such as one with its own clients, instead of
 * naming one. Implementations implement {@code io.yunpipe.spi.BackendProvider}.
 */
public interface BackendSource {
  /** Returns the backend's name, below which its settings are. */
  String name();
}
