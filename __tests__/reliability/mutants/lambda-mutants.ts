// biome-ignore-all lint/suspicious/noTemplateCurlyInString: mutants quote source.

import { edit, type Mutant } from "./mutant.ts";

const ADD = "handlers/jobs/add-job.ts";
const CANCEL = "handlers/jobs/cancel-job.ts";
const DEAD = "handlers/jobs/close-dead-letter.ts";

/** Guards of the Lambdas. */
export const LAMBDA_MUTANTS: readonly Mutant[] = [
  {
    name: "creating a job before its message is sent",
    edits: [
      edit(
        ADD,
        "enqueue",
        "await queue(jobType.queueUrl).send({ jobId: id, groupId, ...(delaySeconds === undefined ? {} : { delaySeconds }) });",
        "",
      ),
      edit(
        ADD,
        "addJob",
        "const created = await store.create(job, now());",
        "const created = await store.create(job, now()); await dependencies.queue(adding.jobType.queueUrl).send({ jobId: id });",
      ),
    ],
    breaks: [13],
    killer: "schedules of success",
  },
  {
    name: "answering before the job is stored",
    edits: [edit(ADD, "addJob", "await store.create(job, now())", "{ applied: true, current: undefined }")],
    breaks: [1, 12, 13, 17, 19],
    killer: "reads from a replica that lags behind",
  },
  {
    name: "publishing a job before it is created",
    edits: [
      edit(
        ADD,
        "addJob",
        "const created = await store.create(job, now());",
        "await dependencies.events.publish(job); const created = await store.create(job, now());",
      ),
    ],
    breaks: [17],
    killer: "schedules of success",
  },
  {
    name: "answering before the job is published",
    edits: [edit(ADD, "addJob", "await dependencies.events.publish(job);", "")],
    breaks: [16],
    killer: "schedules of success",
  },
  {
    name: "a delay that only its message knows",
    edits: [edit("domain/new-job.ts", "newJob", "delaySeconds > 0", "delaySeconds < 0")],
    breaks: [29],
    killer: "schedules of delayed-add",
  },
  {
    name: "replaying a key for another request",
    edits: [edit(ADD, "replay", "job.requestHash !== hash", "job.requestHash === undefined")],
    breaks: [3],
    killer: "schedules of idempotent-replay",
  },
  {
    name: "a large input that is not stored",
    edits: [
      edit(
        ADD,
        "enqueue",
        'await payloads.put(payloadKeys.input(type, id, writeId), inputText, "application/json")',
        '{ bucket: "results", key: payloadKeys.input(type, id, writeId), bytes: payloads.put.length }',
      ),
    ],
    breaks: [1],
    killer: "schedules of large-result",
  },
  {
    name: "a cancel that does not publish what it replaces",
    edits: [edit(CANCEL, "cancelJob", "await events.publish(job);", "if (transition === undefined) await events.publish(job);")],
    breaks: [16],
    killer: "schedules of cancel-while-running",
  },
  {
    name: "a cancel that is answered unpublished",
    edits: [edit(CANCEL, "cancelJob", "await events.publish(outcome.job);", "")],
    breaks: [16],
    killer: "schedules of cancel-while-queued",
  },
  {
    name: "a cancel of a job that has ended, answered as done",
    edits: [
      edit(
        CANCEL,
        "cancelStep",
        'throw new Problem("JobAlreadyEnded", `job ${job.id} ended as ${job.status}; it can no longer be cancelled`);',
        "return { statusCode: 200 };",
      ),
    ],
    breaks: [11],
    killer: "schedules of success",
  },
  {
    name: "closing the dead letter of a job that a worker holds",
    edits: [
      edit(DEAD, "closeDeadLetter", "if (isLeased(job, now())) return await sendBack(job, jobType, dependencies);", ""),
      edit("domain/transitions.ts", "TRANSITIONS.failAbandoned", "[abandoned, notCancelled]", "[notCancelled]"),
    ],
    breaks: [9],
    killer: "schedules of dead-letter-of-leased-job",
  },
  {
    name: "dropping the dead letter of a job that a worker holds",
    edits: [edit(DEAD, "closeDeadLetter", "return await sendBack(job, jobType, dependencies);", "return;")],
    breaks: [12, 13],
    killer: "schedules of dead-letter-of-leased-job",
  },
  {
    name: "dropping the dead letter of a job that nobody holds",
    edits: [edit(DEAD, "closeDeadLetter", "if (isTerminal(job)) return;", "return;")],
    breaks: [20, 12, 13, 14],
    killer: "schedules of dead-letter",
  },
  {
    name: "a dead letter that does not publish what it replaces",
    edits: [edit(DEAD, "closeDeadLetter", "await events.publish(job);", "if (isTerminal(job)) await events.publish(job);")],
    breaks: [16],
    killer: "schedules of dead-letter",
  },
  {
    name: "a dead letter that does not publish its job's end",
    edits: [edit(DEAD, "closeDeadLetter", "await events.publish(outcome.job);", "")],
    breaks: [16, 12, 18],
    killer: "schedules of dead-letter",
  },
  {
    name: "a dead letter that fails a job whose cancel was asked for",
    edits: [
      edit(
        DEAD,
        "closeDeadLetter",
        "store.transition(job, closing(job), { now: now(), writeId: newWriteId(), error: deadLettered(job) })",
        "store.transition(job, closing({ ...job, cancelRequestedAt: undefined }), { now: now(), writeId: newWriteId(), error: deadLettered(job) })",
      ),
    ],
    breaks: [14],
    killer: "schedules of dead-letter",
  },
  {
    name: "closing another type's job by a dead letter",
    edits: [
      edit(
        DEAD,
        "closeDeadLetter",
        "job !== undefined && !isOwn(eventSourceARN, job, jobType)",
        "job !== undefined && false && !isOwn(eventSourceARN, job, jobType)",
      ),
    ],
    breaks: [25],
    killer: "a dead letter in another type's queue",
  },
  {
    name: "an input that its type's schema refuses",
    edits: [edit("handlers/jobs/read-add-job.ts", "readAddJob", "inputErrors.length > 0", "inputErrors.length > 1_000")],
    breaks: [2],
    killer: "hostile requests",
  },
  {
    name: "taking a number that the handler would get another of",
    edits: [edit("handlers/jobs/read-add-job.ts", "readAddJob", "unkept.filter(isInput)", "[]")],
    breaks: [2],
    killer: "hostile requests",
  },
  {
    name: "taking two members of one name",
    edits: [edit("handlers/http/body.ts", "examine", "seen?.has(name)", "seen === undefined")],
    breaks: ["an answer is as described"],
    killer: "hostile requests",
  },
  {
    name: "JSON of any depth",
    edits: [edit("handlers/http/body.ts", "examine", "depth === MAX_BODY_DEPTH", "depth < 0")],
    breaks: ["an answer is as described"],
    killer: "hostile requests",
  },
  {
    name: "showing another owner's job",
    edits: [
      edit(
        "handlers/jobs/access.ts",
        "visibleJob",
        "job === undefined || isExpired(job, now) || (owner !== undefined && job.owner !== owner)",
        "job === undefined || isExpired(job, now) ",
      ),
    ],
    breaks: ["nothing of another owner's jobs shows"],
    killer: "two owners",
  },
  {
    name: "one idempotency key for all owners",
    edits: [
      edit(
        "domain/job-id.ts",
        "jobIdForKey",
        "JSON.stringify([owner, idempotencyKey])",
        "JSON.stringify([owner.length < 0, idempotencyKey])",
      ),
    ],
    breaks: ["nothing of another owner's jobs shows"],
    killer: "two owners",
  },
  {
    name: "a token's subject as if it were an ARN",
    edits: [edit("handlers/http/principal.ts", "principalOf", 'named("jwt", jwt.claims?.sub)', 'named("iam", jwt.claims?.sub)')],
    breaks: ["nothing of another owner's jobs shows"],
    killer: "hostile requests",
  },
  {
    name: "all identities of a role as one caller",
    edits: [edit("handlers/http/principal.ts", "principalOf", "identityId || identityPoolId", "identityId && !identityPoolId")],
    breaks: ["nothing of another owner's jobs shows"],
    killer: "hostile requests",
  },
  {
    name: "ignoring what a call does not take",
    edits: [
      edit(
        "handlers/http/expected-request.ts",
        "expectRequest",
        'if (errors.length > 0) throw new Problem("InvalidRequest", "the request has parts that this call does not take", { errors });',
        'if (errors.length > 1_000) throw new Problem("InvalidRequest", "the request has parts that this call does not take", { errors });',
      ),
    ],
    breaks: ["an answer is as described"],
    killer: "hostile requests",
  },
];
