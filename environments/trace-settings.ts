import { group, textLike } from "@autoscaling-job-queues/domain/setting-schemas";
import * as z from "zod";

/** Where spans are sent (docs/traces.md). */
export const traces = group({
  /** Of what takes OTLP over HTTP, without `/v1/traces`. Lambdas call it from AWS's network, workers from that of the tasks. */
  endpoint: textLike(/^https:\/\/[^\s/?#,@]+(\/[^\s?#]*)?$/, "an https URL such as https://otlp.example.com"),
  /** Share of the traces that begin here of which spans are recorded; a caller's own trace says it itself. */
  sampleRatio: z.number("a number from 0 to 1").min(0, "a number from 0 to 1").max(1, "a number from 0 to 1").default(1),
  /** Of a secret whose text is `name=value`, with commas between several: headers of the requests. @default none */
  headersSecretArn: textLike(
    /^arn:aws[\w-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/,
    "the whole ARN of a secret (with its six characters)",
  ).exactOptional(),
});
