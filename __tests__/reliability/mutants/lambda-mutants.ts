import type { Mutant } from "./mutant.ts";

const ADD = "handlers/accept-job.ts";
const CANCEL = "handlers/request-cancel.ts";
const DEAD = "handlers/close-dead-letter.ts";

/** Guards of the Lambdas. */
export const LAMBDA_MUTANTS: readonly Mutant[] = [
  {
    name: "creating a job before its message is sent",
    edits: [
      {
        file: ADD,
        find: "  await queue(jobType.queueUrl).send({ jobId: id, groupId, ...(delaySeconds === undefined ? {} : { delaySeconds }) });\n",
        replace: "",
      },
      {
        file: ADD,
        find: "    const created = await store.create(job, now());\n",
        replace:
          "    const created = await store.create(job, now());\n    await dependencies.queue(adding.jobType.queueUrl).send({ jobId: id });\n",
      },
    ],
    breaks: [13],
    killer: "crashes of success",
  },
  {
    name: "answering before the job is stored",
    edits: [
      {
        file: ADD,
        find: "const created = await store.create(job, now());",
        replace: "const created = { applied: true, current: undefined };",
      },
    ],
    breaks: [1, 12, 13, 17, 19],
    killer: "reads from a replica that lags behind",
  },
  {
    name: "publishing a job before it is created",
    edits: [
      {
        file: ADD,
        find: "    const created = await store.create(job, now());\n",
        replace: "    await dependencies.events.publish(job);\n    const created = await store.create(job, now());\n",
      },
    ],
    breaks: [17],
    killer: "crashes of success",
  },
  {
    name: "answering before the job is published",
    edits: [{ file: ADD, find: "      await dependencies.events.publish(job);\n", replace: "" }],
    breaks: [16],
    killer: "crashes of success",
  },
  {
    name: "a delay that only its message knows",
    edits: [{ file: "domain/new-job.ts", find: "...(delaySeconds > 0 ?", replace: "...(delaySeconds < 0 ?" }],
    breaks: [29],
    killer: "a delayed job, and a message of an add with its key that came to nothing",
  },
  {
    name: "replaying a key for another request",
    edits: [{ file: ADD, find: "if (job.requestHash !== hash) {", replace: "if (job.requestHash === undefined) {" }],
    breaks: [3],
    killer: "crashes of idempotent-replay",
  },
  {
    name: "a large input that is not stored",
    edits: [
      {
        file: ADD,
        find: 'await payloads.put(payloadKeys.input(type, id, writeId), inputText, "application/json")',
        replace: '{ bucket: "results", key: payloadKeys.input(type, id, writeId), bytes: payloads.put.length }',
      },
    ],
    breaks: [1],
    killer: "crashes of large-result",
  },
  {
    name: "a cancel that does not publish what it replaces",
    edits: [
      {
        file: CANCEL,
        find: "      await events.publish(job);\n",
        replace: "      if (transition === undefined) await events.publish(job);\n",
      },
    ],
    breaks: [16],
    killer: "crashes of cancel-while-running",
  },
  {
    name: "a cancel that is answered unpublished",
    edits: [{ file: CANCEL, find: "        await events.publish(outcome.job);\n", replace: "" }],
    breaks: [16],
    killer: "crashes of cancel-while-queued",
  },
  {
    name: "a cancel of a job that has ended, answered as done",
    edits: [
      {
        file: CANCEL,
        find: "    default:\n      throw",
        replace: "    default:\n      return { statusCode: 200 };\n      throw",
      },
    ],
    breaks: [11],
    killer: "a cancel of a job that has ended",
  },
  {
    name: "closing the dead letter of a job that a worker holds",
    edits: [
      { file: DEAD, find: "    if (isLeased(job, now())) return await sendBack(job, jobType, dependencies);\n", replace: "" },
      {
        file: "domain/transitions.ts",
        find: 'to: "FAILED",\n    guards: [abandoned, notCancelled],',
        replace: 'to: "FAILED",\n    guards: [notCancelled],',
      },
    ],
    breaks: [9],
    killer: "crashes of dead-letter-of-leased-job",
  },
  {
    name: "dropping the dead letter of a job that a worker holds",
    edits: [{ file: DEAD, find: "return await sendBack(job, jobType, dependencies);", replace: "return;" }],
    breaks: [12, 13],
    killer: "crashes of dead-letter-of-leased-job",
  },
  {
    name: "dropping the dead letter of a job that nobody holds",
    edits: [{ file: DEAD, find: "    if (isTerminal(job)) return;\n", replace: "    return;\n" }],
    breaks: [20, 12, 13, 14],
    killer: "crashes of dead-letter",
  },
  {
    name: "a dead letter that does not publish what it replaces",
    edits: [
      { file: DEAD, find: "    await events.publish(job);\n", replace: "    if (isTerminal(job)) await events.publish(job);\n" },
    ],
    breaks: [16],
    killer: "crashes of dead-letter",
  },
  {
    name: "a dead letter that does not publish its job's end",
    edits: [{ file: DEAD, find: "      await events.publish(outcome.job);\n", replace: "" }],
    breaks: [16, 12, 18],
    killer: "crashes of dead-letter",
  },
  {
    name: "closing another type's job by a dead letter",
    edits: [{ file: DEAD, find: "job !== undefined && !isOwn(", replace: "job !== undefined && false && !isOwn(" }],
    breaks: [25],
    killer: "a dead letter in another type's queue",
  },
  {
    name: "an input that its type's schema refuses",
    edits: [
      { file: "handlers/read-add-job.ts", find: "if (inputErrors.length > 0) {", replace: "if (inputErrors.length > 1_000) {" },
    ],
    breaks: [2],
    killer: "hostile requests",
  },
  {
    name: "taking a number that the handler would get another of",
    edits: [{ file: "handlers/read-add-job.ts", find: "unkept.filter(isInput)", replace: "[]" }],
    breaks: [2],
    killer: "hostile requests",
  },
  {
    name: "taking two members of one name",
    edits: [{ file: "handlers/json-body.ts", find: "if (seen?.has(name))", replace: "if (seen === undefined)" }],
    breaks: ["an answer is as described"],
    killer: "hostile requests",
  },
  {
    name: "JSON of any depth",
    edits: [{ file: "handlers/json-body.ts", find: "if (depth === MAX_BODY_DEPTH)", replace: "if (depth < 0)" }],
    breaks: ["an answer is as described"],
    killer: "hostile requests",
  },
  {
    name: "showing another owner's job",
    edits: [{ file: "handlers/access.ts", find: " || (owner !== undefined && job.owner !== owner)", replace: "" }],
    breaks: ["nothing of another owner's jobs shows"],
    killer: "two owners",
  },
  {
    name: "one idempotency key for all owners",
    edits: [
      {
        file: "domain/job-id.ts",
        find: "JSON.stringify([owner, idempotencyKey])",
        replace: "JSON.stringify([owner.length < 0, idempotencyKey])",
      },
    ],
    breaks: ["nothing of another owner's jobs shows"],
    killer: "two owners",
  },
  {
    name: "a token's subject as if it were an ARN",
    edits: [{ file: "handlers/principal.ts", find: 'named("jwt", jwt.claims?.sub)', replace: 'named("iam", jwt.claims?.sub)' }],
    breaks: ["nothing of another owner's jobs shows"],
    killer: "hostile requests",
  },
  {
    name: "all identities of a role as one caller",
    edits: [
      { file: "handlers/principal.ts", find: "if (identityId || identityPoolId)", replace: "if (identityId && !identityPoolId)" },
    ],
    breaks: ["nothing of another owner's jobs shows"],
    killer: "hostile requests",
  },
  {
    name: "ignoring what a call does not take",
    edits: [{ file: "handlers/expected-request.ts", find: "if (errors.length > 0)", replace: "if (errors.length > 1_000)" }],
    breaks: ["an answer is as described"],
    killer: "hostile requests",
  },
];
