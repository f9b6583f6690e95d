package io.yunpipe.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts commands as another user, which Java cannot do by itself: through whichever of the usual
 * programs there is. Each replaces itself by the command, so that no process is left in between.
 *
 * @param user who runs commands
 * @param prefix the program and its arguments, before the command
 */
record UserSwitch(UserId user, List<String> prefix) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * Finds a program that works.
   *
   * @param path folders to look in, separated as in the environment variable
   * @return empty if there is none
   */
  static Optional<UserSwitch> find(UserId user, String path)
      throws IOException, InterruptedException {
    for (List<String> candidate : candidates(user)) {
      Optional<Path> program = program(candidate.get(0), path);
      if (program.isPresent()) {
        List<String> prefix = new ArrayList<>(candidate);
        prefix.set(0, program.get().toString());
        if (works(prefix, path)) {
          return Optional.of(new UserSwitch(user, List.copyOf(prefix)));
        }
      }
    }
    return Optional.empty();
  }

  /** Of util-linux, of Alpine, a common addition, of coreutils, of busybox and runit. */
  private static List<List<String>> candidates(UserId user) {
    return List.of(
        List.of(
            "setpriv",
            "--reuid=" + user.uid(),
            "--regid=" + user.gid(),
            "--clear-groups",
            "--no-new-privs",
            "--"),
        List.of("su-exec", user.toString()),
        List.of("gosu", user.toString()),
        List.of("chroot", "--userspec=" + user, "--groups=", "--skip-chdir", "/"),
        List.of("chpst", "-u", user.toString()));
  }

  /** Another program of the same name may not know these arguments: busybox has some. */
  private static boolean works(List<String> prefix, String path)
      throws IOException, InterruptedException {
    Optional<Path> nothing = program("true", path);
    if (nothing.isEmpty()) {
      return false;
    }
    List<String> command = new ArrayList<>(prefix);
    command.add(nothing.get().toString());
    return Tool.run(command, PATIENCE).ok();
  }

  private static Optional<Path> program(String name, String path) {
    for (String folder : path.split(":", -1)) {
      if (folder.startsWith("/")) {
        Path file = Path.of(folder, name);
        if (Files.isRegularFile(file) && Files.isExecutable(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }
}
