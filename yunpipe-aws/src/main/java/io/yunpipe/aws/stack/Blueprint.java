package io.yunpipe.aws.stack;

import io.yunpipe.aws.template.Account;
import io.yunpipe.aws.template.ComputeSpec;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.spi.StageNeeds;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a pipeline wants of AWS, and how it becomes templates once the place is known. */
public interface Blueprint {
  /** Returns the names of everything. */
  StackNames names();

  /** Returns what the settings say of workers; subnets may be missing. */
  ComputeSpec compute();

  /** Returns whether workers get public addresses; empty: in the default network. */
  Optional<Boolean> publicIp();

  /** Returns the stages. */
  List<StageNeeds> stages();

  /** Returns the bucket of the data that the settings name; empty: the stack makes one. */
  String bucket();

  /** Returns what all keys start with; may be empty. */
  String prefix();

  /** Returns the router's program, or tells that there is none. */
  Program program();

  /** Returns the template of the pipeline's stack. */
  String template(Given given);

  /** Returns the template of the stack that all pipelines of the account and region share. */
  String bootstrap(Account account);

  /** Returns the template of the roles alone. */
  String roles(Account account);

  /**
   * What is known when the place is.
   *
   * @param account where it is
   * @param bucket the bucket of the data
   * @param ownBucket whether the stack makes it
   * @param network where workers are
   * @param program where the router's program lies
   * @param images images by stage, with their digests where they are known
   */
  record Given(
      Account account,
      String bucket,
      boolean ownBucket,
      Network network,
      Stored program,
      Map<String, String> images) {
    /** Copies the map. */
    public Given {
      images = Map.copyOf(images);
    }
  }

  /**
   * Where the router's program lies.
   *
   * @param bucket the bucket
   * @param key the object
   * @param sha256 its checksum, hexadecimal
   */
  record Stored(String bucket, String key, String sha256) {}

  /**
   * A network.
   *
   * @param vpc its id
   * @param subnets subnets in it
   * @param publicIp whether workers in it get public addresses
   */
  record Network(String vpc, List<String> subnets, boolean publicIp) {
    static final Network UNKNOWN = new Network("", List.of(), false);

    /** Copies the list. */
    public Network {
      subnets = List.copyOf(subnets);
    }
  }
}
