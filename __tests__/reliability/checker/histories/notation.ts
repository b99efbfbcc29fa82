import { readFileSync } from "node:fs";
import type { StoredJob } from "../../../../domain/job.ts";
import { ADDED_AT } from "../../../support/build-job.ts";
import { publicEvent, publicJob } from "../../../support/public-job.ts";
import type { Fact, FinalState, History } from "../../history/fact.ts";
import { BATCH_SENTENCES, MEMBER_STATES } from "./batch-sentences.ts";
import { STATES as JOB_STATES, step } from "./states.ts";

/** A history as a file of histories has it. */
export interface WrittenHistory {
  /** What the line with `#` says. */
  readonly title: string;
  readonly history: History;
  /** Facts are recorded when answers come, and one was overtaken by what it led to. */
  readonly overtaken: boolean;
}

/** A whole life of one job, whose facts have names: `api` adds it, `worker-1` does it, `client` reads it. */
const LIFE: readonly (readonly [name: string, sentence: string])[] = [
  ["polled", "worker-1 polls document"],
  ["sent", "api sends m-1"],
  ["created", "api commits added"],
  ["announced", "api publishes added"],
  ["accepted", "client adds added"],
  ["received", "worker-1 receives m-1"],
  ["claimed", "worker-1 commits claimed"],
  ["handlerStarted", "worker-1 runs attempt 1"],
  ["claimPublished", "worker-1 publishes claimed"],
  ["read", "client reads claimed"],
  ["handlerEnded", "worker-1 stops attempt 1"],
  ["ended", "worker-1 commits succeeded"],
  ["endPublished", "worker-1 publishes succeeded"],
  ["deleted", "worker-1 deletes m-1"],
  ["readAgain", "client reads succeeded"],
  ["creationDelivered", "subscriber gets added"],
  ["claimDelivered", "subscriber gets claimed"],
  ["endDelivered", "subscriber gets succeeded"],
];

type Words = Readonly<Record<string, string>>;

const STATES = { ...JOB_STATES, ...MEMBER_STATES };
const NOTHING = "nothing";
/** What a sentence leaves out. */
const { id: SAMPLE } = stateOf("added");
const DOCUMENT = "document";

const jobIdOf = (of = ""): string => (of === "" ? SAMPLE : (STATES[of]?.id ?? of));
const committed = (by: string, state: string): Fact => ({ kind: "committed", by, job: stateOf(state) });
const published = (by: string, state: string): Fact => ({ kind: "published", by, event: publicEvent(stateOf(state)) });
const asked = (state: string) => (state === NOTHING ? {} : { job: publicJob(stateOf(state)) });

/** What each sentence says, by its pattern. */
const SENTENCES: readonly (readonly [RegExp, (words: Words) => Fact | Fact[]])[] = [
  ...BATCH_SENTENCES,
  [/^(?<by>\S+) commits (?<state>.+)$/, ({ by = "", state = "" }) => committed(by, state)],
  [/^(?<by>\S+) publishes (?<state>.+)$/, ({ by = "", state = "" }) => published(by, state)],
  [/^(?<by>\S+) makes (?<state>.+)$/, ({ by = "", state = "" }) => [committed(by, state), published(by, state)]],
  [
    /^(?<by>\S+) ends (?<state>\S+)(?: by (?<messageId>\S+))?$/,
    ({ by = "", state = "", messageId = "m-1" }) => {
      const job = step(stateOf(state), "succeed", 61, { result: "null" });
      const deleted = { kind: "deleted", by, queue: DOCUMENT, messageId, jobId: SAMPLE } as const;
      return [{ kind: "committed", by, job }, { kind: "published", by, event: publicEvent(job) }, deleted];
    },
  ],
  [/^subscriber gets (?<state>.+)$/, ({ state = "" }) => ({ kind: "delivered", event: publicEvent(stateOf(state)) })],
  [
    /^(?<by>\S+) (?<did>sends|deletes|dead-letters) (?<messageId>\S+)(?: of (?<of>\S+))?(?: (?:to|from) (?<queue>\S+))?$/,
    ({ by = "", did = "", messageId = "", of, queue = DOCUMENT }) => {
      const kind = did === "sends" ? "sent" : did === "deletes" ? "deleted" : "deadLettered";
      return { kind, by, queue, messageId, jobId: jobIdOf(of) };
    },
  ],
  [
    /^(?<by>\S+) receives (?<messageId>\S+)(?: of (?<of>\S+))?(?: from (?<queue>\S+))?(?: after (?<age>\d+) s)?$/,
    ({ by = "", messageId = "", of, queue = DOCUMENT, age = "1" }) => {
      return { kind: "received", by, queue, messageId, jobId: jobIdOf(of), ageSeconds: Number(age) };
    },
  ],
  [
    /^(?<by>\S+) (?<did>runs|stops) attempt (?<attempt>\d+)(?: of (?<of>\S+))?(?: from (?<from>\d+)\.(?<number>\d+))?$/,
    ({ by = "", did, attempt, of, from, number }) => {
      const kind = did === "runs" ? "handlerStarted" : "handlerEnded";
      const resumed = from === undefined ? {} : { resumedFrom: { attempt: Number(from), number: Number(number) } };
      return { kind, by, jobId: jobIdOf(of), attempt: Number(attempt), ...resumed };
    },
  ],
  [
    /^(?<by>\S+) (?<did>begins|stores) checkpoint (?<attempt>\d+)\.(?<number>\d+)$/,
    ({ by = "", did, attempt, number }) => {
      const kind = did === "begins" ? "checkpointBegun" : "checkpointStored";
      return { kind, by, jobId: SAMPLE, attempt: Number(attempt), number: Number(number) };
    },
  ],
  [
    /^(?<by>\S+) asks for (?<seconds>\d+) s$/,
    ({ by = "", seconds }) => {
      return { kind: "handlerEnded", by, jobId: SAMPLE, attempt: 1, retryAfterSeconds: Number(seconds) };
    },
  ],
  [
    /^(?<by>\S+) extends its lease to (?<seconds>\d+) s$/,
    ({ by = "", seconds }) => {
      return { kind: "leaseExtended", by, jobId: SAMPLE, attempt: 1, leaseExpiresAt: ADDED_AT + 1_000 * Number(seconds) };
    },
  ],
  [
    /^(?<by>\S+) polls (?<type>\S+)$/,
    ({ by = "", type = "" }) => ({ kind: "workerStarted", by, type, queue: type, concurrency: 1 }),
  ],
  [/^(?<by>\S+) schedules it$/, ({ by = "" }) => ({ kind: "scheduled", by, jobId: SAMPLE })],
  [/^(?<by>\S+) unschedules it$/, ({ by = "" }) => ({ kind: "unscheduled", by, jobId: SAMPLE })],
  [
    /^(?<schedule>\S+) is due after (?<seconds>\d+) s$/,
    ({ schedule = "", seconds }) => {
      const scheduledTime = new Date(ADDED_AT + 1_000 * Number(seconds)).toISOString();
      return { kind: "due", type: DOCUMENT, schedule, scheduledTime };
    },
  ],
  [
    /^(?<by>\S+) (?<did>pauses|resumes) (?<type>\S+) at (?<seconds>-?\d+) s$/,
    ({ by = "", did, type = "", seconds }) => {
      const at = new Date(ADDED_AT + 1_000 * Number(seconds)).toISOString();
      return { kind: "controlled", by, type, paused: did === "pauses", at };
    },
  ],
  [/^(?<by>\S+) hears no answer$/, ({ by = "" }) => ({ kind: "unanswered", by, jobId: SAMPLE })],
  [
    /^(?<by>\S+) is told(?: after (?<ms>\d+) ms)?$/,
    ({ by = "", ms }) => ({ kind: "told", by, ...(ms === undefined ? {} : { at: ADDED_AT + Number(ms) }) }),
  ],
  [/^(?<by>\S+) exits$/, ({ by = "" }) => ({ kind: "gone", by, how: "exited" })],
  [/^(?<by>\S+) is killed$/, ({ by = "" }) => ({ kind: "gone", by, how: "killed" })],
  [
    /^(?<client>\S+) adds (?<state>\S+)(?: with (?<key>\w+), (?<payload>\w+))?(?: with a delay of (?<delay>\d+) s)?$/,
    ({ client = "", state = "", key, payload = "payload", delay = "0" }) => {
      const request = { operation: "add", owner: "owner", type: DOCUMENT, payload, delaySeconds: Number(delay) } as const;
      const keyed = key === undefined ? request : { ...request, idempotencyKey: key };
      return { kind: "answered", client, request: keyed, status: 202, ...asked(state) };
    },
  ],
  [
    /^(?<client>\S+) is refused (?<idempotencyKey>\w+), (?<payload>\w+)$/,
    ({ client = "", idempotencyKey = "", payload = "" }) => {
      const request = { operation: "add", owner: "owner", type: DOCUMENT, idempotencyKey, payload } as const;
      return { kind: "answered", client, request, status: 409 };
    },
  ],
  [
    /^(?<client>\S+) retries (?<state>[^,]+|.+\})$/,
    ({ client = "", state = "" }) => {
      return { kind: "answered", client, request: { operation: "retry", jobId: SAMPLE }, status: 202, ...asked(state) };
    },
  ],
  [
    /^(?<client>\S+) is refused a retry, and asked at (?<at>\d+)$/,
    ({ client = "", at }) => {
      return { kind: "answered", client, asked: Number(at), request: { operation: "retry", jobId: SAMPLE }, status: 409 };
    },
  ],
  [
    /^(?<client>\S+) (?<did>reads|cancels)(?: with (?<status>\d+),)? (?<state>[^,]+|.+\})(?:, and asked at (?<at>\d+))?$/,
    ({ client = "", did, status, state = "", at }) => ({
      kind: "answered",
      client,
      ...(at === undefined ? {} : { asked: Number(at) }),
      request: { operation: did === "reads" ? "get" : "cancel", jobId: SAMPLE },
      status: Number(status ?? (state === NOTHING ? 404 : 200)),
      ...asked(state),
    }),
  ],
  [
    /^(?<type>\S+) is scaled to (?<desired>\d+) with (?<messages>\d+) messages$/,
    ({ type = "", desired, messages }) => ({ kind: "scaled", type, desired: Number(desired), messages: Number(messages) }),
  ],
];

/** A state by its name, with members replaced: `succeeded {"version":4}`. */
function stateOf(text: string): StoredJob {
  const [name = "", ...changes] = text.split(/ (?=\{)/);
  const state = STATES[name];
  if (state === undefined) throw new Error(`there is no state ${name}`);
  return changes.length === 0 ? state : { ...state, ...JSON.parse(changes.join(" ")) };
}

function factsOf(sentence: string): Fact[] {
  if (sentence === NOTHING) return [];
  const [, ofLife] = LIFE.find(([name]) => name === sentence) ?? [];
  if (ofLife !== undefined) return factsOf(ofLife);
  for (const [pattern, meaning] of SENTENCES) {
    const words = pattern.exec(sentence)?.groups;
    if (words !== undefined) return [meaning(words)].flat();
  }
  throw new Error(`nobody knows what it means: ${sentence}`);
}

function lifeUntil(last: string | undefined, changes: ReadonlyMap<string, string>): Fact[] {
  const names = LIFE.map(([name]) => name);
  const until = last === undefined ? names : names.slice(0, names.indexOf(last) + 1);
  return until.flatMap((name) => (changes.get(name) ?? name).split("; ").flatMap(factsOf));
}

/** A run that has settled: where nothing else is said, the table holds what was committed last, and no queue a message. */
function finalState(facts: readonly Fact[], words: readonly string[]): FinalState {
  const jobs = new Map<string, StoredJob>();
  for (const fact of facts) {
    if (fact.kind !== "committed") continue;
    const known = jobs.get(fact.job.id);
    if (known?.createdAt !== fact.job.createdAt || known.version < fact.job.version) jobs.set(fact.job.id, fact.job);
  }
  const stored = words.find((word) => (word.split(" ")[0] ?? "") in STATES);
  const queue = words.find((word) => word.startsWith("a message in "))?.slice("a message in ".length);
  return {
    jobs: words.includes("no jobs") ? [] : stored === undefined ? [...jobs.values()] : [stateOf(stored)],
    messages: queue === undefined ? [] : [{ queue, jobId: SAMPLE }],
    hasObject: () => !words.includes("no objects"),
  };
}

/** What lines of facts tell; `settled` ends a run in which everything has come to rest, `open` one that has not. */
function historyOf(lines: readonly string[], settles: boolean): History {
  const changes = new Map(
    lines.flatMap((line) => {
      const [, name, others] = /^at (\w+): (.+)$/.exec(line) ?? [];
      return name === undefined || others === undefined ? [] : [[name, others] as const];
    }),
  );
  const sentences = lines
    .filter((line) => !/^(?:at \w+: |settled|open$|overtaken$|$)/.test(line))
    .flatMap((line) => line.split("; "));
  const facts = sentences.flatMap((sentence) => {
    const [, isLife, last] = /^(life)(?: until (\w+))?$/.exec(sentence) ?? [];
    return isLife === undefined ? factsOf(sentence) : lifeUntil(last, changes);
  });
  const end = lines.find((line) => line.startsWith("settled"));
  if (lines.includes("open") || (end === undefined && !settles)) return { facts, settled: false };
  const [, left = ""] = end?.split(": ") ?? [];
  return left === "nobody looked"
    ? { facts, settled: true }
    : { facts, settled: true, final: finalState(facts, left.split("; ")) };
}

export const soFar = (text: string): History => historyOf(text.split("\n"), false);
export const settled = (text: string): History => historyOf(text.split("\n"), true);

/**
 * Reads a file of histories. Each is a title, and lines of facts, one after the other, with `;` between them: `life`, `life until
 * <fact>`, the name of a fact of the life, or a sentence such as `worker-2 commits takenOver`. `at <fact>:` puts others in the place of
 * one of the life, and `settled:` says what is left in the end.
 *
 * @param settles whether a run has settled where it is not said.
 */
export function readHistories(file: string, settles: boolean): WrittenHistory[] {
  const text = readFileSync(new URL(file, import.meta.url), "utf8").replaceAll(/^\/\/.*\n/gm, "");
  return text
    .trim()
    .split(/\n\n+/)
    .map((paragraph) => {
      const [title = "", ...lines] = paragraph.split("\n");
      return { title: title.slice(2), history: historyOf(lines, settles), overtaken: lines.includes("overtaken") };
    });
}
