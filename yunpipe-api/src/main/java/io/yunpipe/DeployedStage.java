package io.yunpipe;

import java.util.Optional;

/**
 * A stage of a pipeline as it was deployed last: what runs that begin without the pipeline's
 * definition, such as those of uploads, will use.
 *
 * @param pipeline the pipeline
 * @param stage the stage
 * @param algorithm the name of its algorithm
 * @param image its image, with the digest that it had then if that is known; empty for a command or
 *     a function
 */
public record DeployedStage(
    String pipeline, String stage, String algorithm, Optional<String> image) {}
