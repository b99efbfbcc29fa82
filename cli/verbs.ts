import type { Verb } from "./verb.ts";
import { addVerb } from "./verbs/add.ts";
import { batchAddVerb } from "./verbs/batch-add.ts";
import { batchCancelVerb } from "./verbs/batch-cancel.ts";
import { batchGetVerb } from "./verbs/batch-get.ts";
import { batchWaitVerb } from "./verbs/batch-wait.ts";
import { cancelVerb } from "./verbs/cancel.ts";
import { completeVerbOf } from "./verbs/complete.ts";
import { completionVerb } from "./verbs/completion.ts";
import { consoleVerb } from "./verbs/console.ts";
import { doctorVerb } from "./verbs/doctor.ts";
import { getVerb } from "./verbs/get.ts";
import { listVerb } from "./verbs/list.ts";
import { logsVerb } from "./verbs/logs.ts";
import { pauseVerb } from "./verbs/pause.ts";
import { redriveVerb } from "./verbs/redrive.ts";
import { resumeVerb } from "./verbs/resume.ts";
import { retryVerb } from "./verbs/retry.ts";
import { statusVerb } from "./verbs/status.ts";
import { typesVerb } from "./verbs/types.ts";
import { waitVerb } from "./verbs/wait.ts";
import { whyVerb } from "./verbs/why.ts";

/** The verbs of `jobs`, as its help lists them. A new one is a file in `verbs/` and a line here. */
export const VERBS: readonly Verb[] = [
  addVerb,
  getVerb,
  waitVerb,
  listVerb,
  cancelVerb,
  retryVerb,
  whyVerb,
  logsVerb,
  redriveVerb,
  typesVerb,
  statusVerb,
  pauseVerb,
  resumeVerb,
  batchAddVerb,
  batchGetVerb,
  batchWaitVerb,
  batchCancelVerb,
  doctorVerb,
  consoleVerb,
  completionVerb,
  completeVerbOf(() => VERBS),
];
