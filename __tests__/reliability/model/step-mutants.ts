import { isTerminal } from "../../../domain/job.ts";
import { answerAdd, goTo } from "./add-job-machine.ts";
import { configuration } from "./configurations.ts";
import { DESIGN, type Step } from "./design.ts";
import { ageSeconds, answered, inHand, published, sent } from "./effects.ts";
import { JOB_ID, type Present } from "./item-table.ts";
import { acknowledge } from "./message-steps.ts";
import { type Mutant, withSteps } from "./mutant.ts";
import { withLocal } from "./world.ts";

/** Goes on to another step without an effect. */
function skipTo(step: string): Step {
  return (model, world, slot) => {
    model.progress(slot, `skip to ${step}`, withLocal(world, slot, model.locals.of({ ...world.processes[slot]!, step })));
  };
}

const sendThenPublish: Step = (model, world, slot) => {
  const seen = model.items.snapshot(world.item as Present);
  model.progress(slot, "send", goTo(model, sent(model, world, slot, JOB_ID), slot, "publish", seen));
};

const answerThenCreate: Step = (model, world, slot) => {
  const next = sent(model, world, slot, JOB_ID);
  answerAdd(model, next, slot, model.items.snapshot(model.items.created(slot)));
  model.progress(slot, "send, answer 202", goTo(model, next, slot, "create"));
};

const publishThenCreate: Step = (model, world, slot) => {
  const seen = model.items.snapshot(model.items.created(slot));
  model.progress(
    slot,
    "send, publish",
    goTo(model, published(model, sent(model, world, slot, JOB_ID), slot, seen), slot, "create"),
  );
};

const publishThenCommit: Step = (model, world, slot) => {
  const local = world.processes[slot]!;
  const { job } = local.seen as Present;
  if (local.handlerEnd === "returned") {
    const end = model.items.transition(local.seen as Present, job.version, "succeed", job.attempt, slot);
    if (end !== undefined) model.progress(slot, "publish what is to be", published(model, world, slot, end));
  }
  DESIGN.machines.worker.attempt!(model, world, slot);
};

const claimWhileStopping: Step = (model, world, slot) => {
  const { seen, transition } = world.processes[slot]!;
  const next = published(model, world, slot, seen);
  const kept = isTerminal((seen as Present).job) ? "delete" : "putBack";
  const step = transition === undefined ? kept : "replace";
  model.progress(slot, "publish", withLocal(next, slot, model.locals.of({ ...world.processes[slot]!, step })));
};

const answerThenPublish: Step = (model, world, slot) => {
  const { seen } = world.processes[slot]!;
  answered(model, world, slot, { operation: "cancel", jobId: JOB_ID }, 202, seen);
  model.progress(slot, "answer", withLocal(world, slot, model.locals.idle));
};

const ageNow: Step = (model, world, slot) => {
  const message = inHand(world, slot);
  const age = message === undefined ? 0 : ageSeconds(message);
  const later = withLocal(world, slot, model.locals.of({ ...world.processes[slot]!, ageSeconds: age }));
  DESIGN.machines.worker.missing!(model, later, slot);
};

/** An effect that comes too early, or not at all. */
export const STEP_MUTANTS: readonly Mutant[] = [
  {
    name: "an add creates the job before it sends the message",
    breaks: 13,
    configuration: configuration("no fault", { budgets: {} }),
    design: withSteps("add job", {
      send: skipTo("create"),
      create: (model, world, slot) => {
        if (world.item.job === undefined) DESIGN.machines["add job"].create!(model, world, slot);
        else sendThenPublish(model, world, slot);
      },
    }),
  },
  {
    name: "an add is answered before the job is created",
    breaks: 1,
    configuration: configuration("no fault", { budgets: {} }),
    design: withSteps("add job", { send: answerThenCreate }),
  },
  {
    name: "an add publishes the job before it creates it",
    breaks: 17,
    configuration: configuration("no fault", { budgets: {} }),
    design: withSteps("add job", { send: publishThenCreate }),
  },
  {
    name: "a worker deletes the message before it publishes the end",
    breaks: 12,
    configuration: configuration("no fault", { budgets: {} }),
    design: withSteps("worker", { publishEnd: acknowledge }),
  },
  {
    name: "a worker publishes the end before it commits it",
    breaks: 17,
    configuration: configuration("no fault", { budgets: {} }),
    design: withSteps("worker", { attempt: publishThenCommit }),
  },
  {
    name: "a worker commits the end before the start is published",
    breaks: 16,
    configuration: configuration("no fault", { budgets: {} }),
    design: { ...DESIGN, mayCommit: () => true },
  },
  {
    name: "a worker does not publish the state that its claim replaces",
    breaks: 16,
    configuration: configuration("a crash", { budgets: { crashes: 1 } }),
    design: withSteps("worker", { publishReplaced: skipTo("replace") }),
  },
  {
    name: "a worker deletes the message of a job that another holds",
    breaks: 12,
    configuration: configuration("a duplicate", { budgets: { duplicates: 1 } }),
    design: withSteps("worker", { putBack: acknowledge }),
  },
  {
    name: "a worker asks for the age of a missing job's message after it has looked for the job",
    breaks: 12,
    configuration: configuration("no fault", { budgets: {} }),
    design: withSteps("worker", { missing: ageNow }),
  },
  {
    name: "a worker deletes the message of a job that is to be retried",
    breaks: 12,
    configuration: configuration("no fault", { budgets: {} }),
    design: withSteps("worker", { acknowledge }),
  },
  {
    name: "a worker claims while it shuts down",
    breaks: 22,
    configuration: configuration("a crash and a shutdown", { budgets: { crashes: 1, shutdowns: 1 } }),
    design: withSteps("worker", { publishReplaced: claimWhileStopping }),
  },
  {
    name: "a cancel does not publish the state that it replaces",
    breaks: 16,
    configuration: configuration("a cancel", { budgets: { cancels: 1 } }),
    design: withSteps("cancel job", { publishRead: skipTo("write") }),
  },
  {
    name: "a cancel is answered before its event",
    breaks: 16,
    configuration: configuration("a cancel", { budgets: { cancels: 1 } }),
    design: withSteps("cancel job", { publishWritten: answerThenPublish }),
  },
  {
    name: "a dead letter whose job is held is dropped",
    breaks: 20,
    configuration: configuration("a dead letter", { budgets: { deadLetters: 1, duplicates: 1 } }),
    design: withSteps("dead letter", { sendBack: skipTo("delete") }),
  },
  {
    name: "a dead letter's job is closed without publishing what is replaced",
    breaks: 16,
    configuration: configuration("a dead letter", { budgets: { deadLetters: 1, crashes: 1 } }),
    design: withSteps("dead letter", { publishRead: skipTo("write") }),
  },
];
