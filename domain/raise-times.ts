/** How long the steps take by which whoever adds jobs raises a type's desired count (docs/decisions/0039-fast-path.md), in milliseconds. */

/** What a raise may take: the caller of the API waits for it. */
export const RAISE_MS = 2_000;

/** How long a lease lasts that its holder never gives back: {@link RAISE_MS}, and more than that for a last call that is on its way, and for clocks that differ. */
export const LEASE_MS = 5_000;

/**
 * From the end of a raise until the look may begin that leads to the next. So clocks of Lambdas may differ by as much and no raise rests on a
 * look from before another; and a type raises at most once a second. ECS takes 50 `UpdateService` at once and 5 a second of an account (API
 * reference): ten types that rise from zero at the same time for ten seconds stay within that.
 */
export const REST_MS = 1_000;

/** Left of {@link RAISE_MS} for a further round, at least: six calls of some tens of milliseconds. */
export const FURTHER_ROUND_MS = 500;

/** For how long a type that was found paused is not looked at again: a job that is added right after its end wakes it. */
export const PAUSED_MS = 5_000;
