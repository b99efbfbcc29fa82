import { HeadObjectCommand } from "@aws-sdk/client-s3";
import type { Job } from "../../../domain/job.ts";
import { JobStore } from "../../../domain/job-store.ts";
import { queueName } from "../../../domain/queue-names.ts";
import type { FinalState, History } from "../history/fact.ts";
import type { World } from "./world.ts";

/** The history of a world that has settled, with what its subscriber got and what is left. */
export async function settledHistory(world: World): Promise<History> {
  const ids = jobIds(world);
  const { emulators } = world.platform;
  const { eventsQueueUrl } = emulators;
  for (const { body } of emulators.messagesIn(eventsQueueUrl)) {
    const event = JSON.parse(body) as Job;
    // A world that was given up may have left events behind.
    if (ids.has(event.id)) world.record({ kind: "delivered", event });
  }
  emulators.purge(eventsQueueUrl);
  return world.recorder.settled(await finalState(world, ids));
}

/** IDs that a message, an event or an item of this world names. */
function jobIds({ recorder }: World): ReadonlySet<string> {
  return new Set(
    recorder.facts.flatMap((fact) => {
      if (fact.kind === "committed") return [fact.job.id];
      if (fact.kind === "published") return [fact.event.id];
      return fact.kind === "sent" || fact.kind === "scheduled" ? [fact.jobId] : [];
    }),
  );
}

async function finalState({ platform, deployed }: World, ids: ReadonlySet<string>): Promise<FinalState> {
  const { emulators, clients } = platform;
  const jobs = await new JobStore(clients.dynamoDb, emulators.jobsTableName).getMany([...ids], { consistent: true });
  const keys = jobs.flatMap(({ resultLocation, inputLocation, files = {} }) =>
    [resultLocation?.key ?? [], inputLocation?.key ?? [], Object.values(files).map(({ key }) => key)].flat(),
  );
  const objects = new Set<string>();
  for (const Key of keys) {
    await emulators.s3.send(new HeadObjectCommand({ Bucket: emulators.resultsBucket, Key })).then(
      () => objects.add(Key),
      // A lost object is for the checker to find.
      () => undefined,
    );
  }
  const messages = [deployed.queueUrl, deployed.deadLetterQueueUrl].flatMap((queueUrl) =>
    emulators.messagesIn(queueUrl).map(({ body }) => ({ queue: queueName(queueUrl), jobId: body })),
  );
  return { jobs, messages, hasObject: (key) => objects.has(key) };
}
