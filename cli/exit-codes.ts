/** How `jobs` ends. Ctrl-C ends it with 130, as shells have it. */
export const EXIT = {
  /** Done; of `wait`: every job SUCCEEDED. */
  done: 0,
  /** A job did not succeed, or the API refused something. */
  failed: 1,
  /** Wrong usage: nothing was asked of the API, or it said that the request is wrong in its form. */
  usage: 2,
  /** The API was not reached: no address, no network, no credentials. */
  unreached: 3,
  /** 128 and the number of SIGINT. */
  interrupted: 130,
  /** 128 and the number of SIGPIPE: whoever read the output went away, before all jobs were changed. */
  unread: 141,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
