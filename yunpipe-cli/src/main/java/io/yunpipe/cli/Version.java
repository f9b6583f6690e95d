package io.yunpipe.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Version of the jar this class lies in. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "yunpipe "
          + Objects.requireNonNullElse(version, "(development)")
          + ", Java "
          + System.getProperty("java.version")
    };
  }
}
