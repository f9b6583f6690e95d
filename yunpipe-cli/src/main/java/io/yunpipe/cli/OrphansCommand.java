package io.yunpipe.cli;

import io.yunpipe.Engine;
import io.yunpipe.Leftover;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds what crashed or half-removed pipelines have left. */
@Command(
    name = "orphans",
    sortOptions = false,
    description =
        "Lists what pipelines that crashed or were half removed have left at the configured"
            + " backend, of all pipelines with the same queue-prefix.")
final class OrphansCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration file (default: yunpipe.conf).")
  private @Nullable Path configuration;

  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(names = "--remove", description = "Removes what holds no data, after asking.")
  private boolean remove;

  @Option(
      names = {"-y", "--yes"},
      description = "Does not ask.")
  private boolean yes;

  @Override
  public Integer call() {
    List<Leftover> found = Engine.get().leftovers(configuration, backend.settings());
    if (found.isEmpty()) {
      Messages.say("Nothing is left over.");
      return ExitCode.OK;
    }
    for (Leftover one : found) {
      System.out.println(
          one.kind() + " " + one.name() + ": " + one.why() + (one.removable() ? "" : " [stays]"));
    }
    List<Leftover> removable = found.stream().filter(Leftover::removable).toList();
    if (!remove || removable.isEmpty()) {
      return ExitCode.OK;
    }
    String question = "Remove " + removable.size() + " of them?";
    if (!yes && !new Questions(System.in).yesOrNo(question, false)) {
      Messages.say("Nothing was removed.");
      return ExitCode.BAD_INPUT;
    }
    Engine.get()
        .removeLeftovers(configuration, backend.settings(), removable, new SetUpWords(true));
    Messages.say("Removed " + removable.size() + ".");
    return ExitCode.OK;
  }
}
