package io.yunpipe.aws.stack;

import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.http.XmlNode;
import io.yunpipe.aws.template.Account;
import java.util.Map;

/** Whose credentials are in use. */
public final class Caller {
  private Caller() {}

  /** The date of STS's interface. */
  public static final String STS_VERSION = "2011-06-15";

  /**
   * Returns the account.
   *
   * @throws io.yunpipe.BackendException if the credentials are not accepted
   */
  public static Account account(QueryService sts, String region) {
    XmlNode answer = sts.call("GetCallerIdentity", Map.of(), "the credentials in use");
    String[] arn = answer.value("GetCallerIdentityResult/Arn").split(":", -1);
    return new Account(
        arn.length > 1 && !arn[1].isEmpty() ? arn[1] : "aws",
        answer.value("GetCallerIdentityResult/Account"),
        region);
  }
}
