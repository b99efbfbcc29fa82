import type { ReceiveMessageCommand } from "@aws-sdk/client-sqs";

/**
 * When the service answered a command, by its own clock: the answer's `Date` header, in epoch milliseconds and whole seconds.
 * What the service dates by the same clock can be compared with it; the clock of this process may be wrong.
 *
 * @returns a function to call once the command was answered; undefined where the answer has no date.
 */
export function answerDate({ middlewareStack }: Pick<ReceiveMessageCommand, "middlewareStack">): () => number | undefined {
  let date: string | undefined;
  middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      date = (answer.response as HttpAnswer | undefined)?.headers?.date;
      return answer;
    },
    { step: "deserialize", name: "answerDate" },
  );
  return () => {
    const time = Date.parse(date ?? "");
    return Number.isNaN(time) ? undefined : time;
  };
}

interface HttpAnswer {
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
}
