import { setTimeout as delay } from "node:timers/promises";
import { ApiCaller } from "./api-caller.ts";
import { CHAOS } from "./chaos-job-type.ts";
import { type ChaosPlatform, OTHERS } from "./chaos-platform.ts";
import { type ResourceSample, sampleProcess, samplesOf } from "./resource-samples.ts";
import { settled } from "./settle.ts";

export interface OverloadSettings {
  /** Milliseconds for which jobs are added. */
  readonly addMs: number;
  readonly clients: number;
  /** Least milliseconds from one add of a client to its next. */
  readonly everyMs: number;
  /** Workers that are started once no more jobs are added. */
  readonly drainers: number;
  readonly drainMs: number;
}

export interface OverloadRun {
  /** IDs that were answered with 202. */
  readonly accepted: readonly string[];
  /** How often each other status was answered; "none" where no answer came. */
  readonly rejections: Readonly<Record<string, number>>;
  readonly latencyMs: readonly number[];
  /** Jobs that had ended when the last was added. */
  readonly doneMeanwhile: number;
  readonly isSettled: boolean;
  readonly drainMs: number;
  readonly samples: ReadonlyMap<string, readonly ResourceSample[]>;
}

/** Adds jobs faster than one worker does them, as fast as the clients may, and then lets others help it. */
export async function runOverload(platform: ChaosPlatform, settings: OverloadSettings): Promise<OverloadRun> {
  const { recorder } = platform;
  const worker = await platform.startWorker(CHAOS.inline);
  const { pid: lambdas = 0 } = (await platform.reachableMemory(OTHERS.lambdas)) ?? {};
  const stop = new AbortController();
  const sampling = Object.entries({ worker: worker.process.pid, lambdas }).map(
    async ([name, pid]) => [name, await samplesOf(() => sampleProcess(pid), 1_000, stop.signal)] as const,
  );
  const accepted: string[] = [];
  const rejections: Record<string, number> = {};
  const latencyMs: number[] = [];
  const until = performance.now() + settings.addMs;
  const addAll = async (client: number): Promise<void> => {
    const caller = new ApiCaller(platform.api, `client ${client}`, recorder);
    while (performance.now() < until) {
      const pause = delay(settings.everyMs);
      const { status, job, milliseconds } = await caller.add({ type: CHAOS.inline, input: { op: "sleep", seconds: 0.5 } });
      latencyMs.push(milliseconds);
      if (status === 202 && job !== undefined) accepted.push(job.id);
      else rejections[status ?? "none"] = (rejections[status ?? "none"] ?? 0) + 1;
      await pause;
    }
  };
  await Promise.all(Array.from({ length: settings.clients }, (_, index) => addAll(index + 1)));
  const doneMeanwhile = recorder.jobs.length - recorder.openJobs.size;
  const drainStart = performance.now();
  await Promise.all(Array.from({ length: settings.drainers }, () => platform.startWorker(CHAOS.inline)));
  const isSettled = await settled(platform, settings.drainMs);
  const drainMs = performance.now() - drainStart;
  stop.abort();
  const samples = new Map(await Promise.all(sampling));
  return { accepted, rejections, latencyMs, doneMeanwhile, isSettled, drainMs, samples };
}
