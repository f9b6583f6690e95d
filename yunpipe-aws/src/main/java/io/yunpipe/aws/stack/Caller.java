package io.yunpipe.aws.stack;

import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.http.XmlNode;
import io.yunpipe.aws.template.Account;
import java.util.Map;

/** Whose credentials are in use. */
public final class Caller {
  private Caller() {}

  /** Returns the account, and its partition, of the credentials in use. */
  public static Account account(QueryService sts, String region) {
    XmlNode answer = sts.call("GetCallerIdentity", Map.of(), "the credentials in use");
    String[] arn = answer.value("GetCallerIdentityResult/Arn").split(":", -1);
    return new Account(
        arn.length > 1 && !arn[1].isEmpty() ? arn[1] : "aws",
        answer.value("GetCallerIdentityResult/Account"),
        region);
  }
}
