/** How a worker runs a job's handler: in a thread of its own, in the worker's own thread, or as a command. */
export const ISOLATIONS = ["thread", "inline", "process"] as const;
export type Isolation = (typeof ISOLATIONS)[number];
