import fc from "fast-check";
import type { Operation } from "../../../domain/routes.ts";
import { recordCalls } from "../../support/client-middleware.ts";
import type { ApiWorld } from "./api-world.ts";
import { jsonText, plain } from "./body-texts.ts";
import { type Caller, OWNERS } from "./callers.ts";
import { type CheckSettings, checkProperty } from "./check-property.ts";
import { hostileText } from "./hostile-values.ts";
import { UPLOADS } from "./known-uploads.ts";
import type { ConcreteRequest } from "./request.ts";

/** What two owners do with the same key. */
interface TwoOwners {
  readonly owners: readonly [Caller, Caller];
  readonly key: string;
  /** Of the second owner's body. */
  readonly value: string;
  readonly limit: number;
}

const twoOwners: fc.Arbitrary<TwoOwners> = fc.record({
  owners: fc.shuffledSubarray([...OWNERS], { minLength: 2, maxLength: 2 }) as unknown as fc.Arbitrary<[Caller, Caller]>,
  key: fc.oneof(fc.stringMatching(/^[ -~]{1,40}$/), fc.constantFrom("key-1", "__proto__", "a,b", "#")),
  value: hostileText,
  limit: fc.integer({ min: 1, max: 3 }),
});

/** Milliseconds that answers took which must tell nothing: of jobs that never were, and of another owner's. */
export interface Timings {
  readonly absent: number[];
  readonly hidden: number[];
}

/**
 * Has two owners add a job each with one key, and the second look for the first's in every way: by reading, cancelling, listing,
 * and adding again. Nothing may show that there is one.
 */
export async function runTwoOwners(world: ApiWorld, settings: CheckSettings): Promise<Timings> {
  const timings: Timings = { absent: [], hidden: [] };
  const calls = recordCalls(world.api.dynamoDb);
  let made = 0;
  await checkProperty("owners", settings, twoOwners, async ({ key, ...two }) => {
    made += 1;
    return await lookForAnothers(world, { ...two, key: `${made}${key}` }, timings, calls);
  });
  return timings;
}

async function lookForAnothers(
  world: ApiWorld,
  { owners: [first, second], key, value, limit }: TwoOwners,
  timings: Timings,
  calls: readonly unknown[],
): Promise<string[]> {
  const problems: string[] = [];
  const send = async (caller: Caller, operation: Operation, parts: Partial<ConcreteRequest> = {}) => {
    const request = {
      kind: "another owner",
      operation,
      caller,
      access: "owner",
      query: {},
      headers: {},
      cursor: "none",
      ...parts,
    };
    const callsBefore = calls.length;
    const { answer, tookMs, problems: found } = await world.exchange(request as ConcreteRequest);
    problems.push(...found);
    return {
      ...answer,
      json: JSON.parse(answer.body),
      tookMs,
      calls: calls.slice(callsBefore).map((call) => JSON.stringify(call)),
    };
  };
  const headers = { "idempotency-key": key };
  const body = (held: string) => plain(jsonText({ type: "canary", input: { op: "echo", value: held } }));
  const hidden = (await send(first, "addJob", { headers, body: body("first") })).json.id as string;
  const own = await send(second, "addJob", { headers, body: body(value) });
  if (own.json.id === hidden) problems.push(`the key ${key} gave both owners job ${hidden}`);
  await send(second, "addJob", { headers: { "idempotency-key": hidden }, body: body("first") });

  const absent = hidden.slice(0, -6) + (hidden.endsWith("ZZZZZZ") ? "YYYYYY" : "ZZZZZZ");
  const versionBefore = world.known.jobs.get(hidden)?.version;
  for (const operation of ["getJob", "cancelJob"] as const) {
    const [ofAbsent, ofHidden] = [await send(second, operation, { id: absent }), await send(second, operation, { id: hidden })];
    const told = [ofHidden.statusCode, ofHidden.headers, ofHidden.body, ofHidden.calls].map((part) => JSON.stringify(part));
    const expected = [ofAbsent.statusCode, ofAbsent.headers, ofAbsent.body, ofAbsent.calls].map((part) => JSON.stringify(part));
    if (told.join().replaceAll(hidden, absent) !== expected.join()) {
      problems.push(
        `${operation} of a job of ${first.name} differs for ${second.name} from one that never was: ${told.join(" ")}`,
      );
    }
    timings.absent.push(ofAbsent.tookMs);
    timings.hidden.push(ofHidden.tookMs);
  }
  if (world.known.jobs.get(hidden)?.version !== versionBefore) problems.push(`${second.name} changed job ${hidden}`);
  for (const query of [
    { type: "canary", limit: String(limit) },
    { status: "QUEUED", type: "canary", limit: "100" },
  ]) {
    const list = await send(second, "listJobs", { query });
    const cursor = Buffer.from(list.json.cursor ?? "", "base64url").toString();
    if (`${list.body}${cursor}`.includes(hidden)) problems.push(`a list of ${second.name} names job ${hidden} of ${first.name}`);
  }
  // Of these some are another owner's, nobody's, or too old.
  for (const upload of UPLOADS) {
    await send(second, "addJob", { body: plain(jsonText({ type: "canary", input: { op: "digest" }, files: { data: upload } })) });
  }
  const seen = await send(first, "getJob", { id: hidden });
  if (seen.statusCode !== 200) problems.push(`${first.name} cannot read their own job ${hidden}`);
  return problems;
}

export function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
