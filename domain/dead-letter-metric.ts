/**
 * The metric that pages people: one for each job that the dead-letter Lambda ended, by `service` and `jobType`. What it
 * only put back into its queue, or dropped, is not in it.
 */
export const DEAD_LETTERS_CLOSED = { name: "DeadLettersClosed", service: "dead-letter" } as const;
