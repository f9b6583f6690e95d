package io.yunpipe.aws.compute;

import java.util.List;

/**
 * Where tasks are.
 *
 * @param subnets at least one
 * @param securityGroups what they may reach, and who may reach them
 * @param publicIp whether they get a public address
 */
public record Network(List<String> subnets, List<String> securityGroups, boolean publicIp) {
  /** Copies the lists. */
  public Network {
    subnets = List.copyOf(subnets);
    securityGroups = List.copyOf(securityGroups);
  }

  /** Looks for it. */
  @FunctionalInterface
  public interface Source {
    /**
     * Returns it.
     *
     * @throws io.yunpipe.BackendException if it is not known
     */
    Network get();
  }
}
