package io.yunpipe.runner;

import io.yunpipe.internal.JobSpec;
import io.yunpipe.runner.Batch.Place;
import io.yunpipe.spi.Message;
import java.util.List;

/** A message whose jobs can be worked on. */
record Task(Message message, Place place, List<JobSpec> jobs) {}
