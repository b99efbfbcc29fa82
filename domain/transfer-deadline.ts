export interface TransferSettings {
  /** Milliseconds that a transfer of no bytes may take. @default 60000 */
  readonly baseMs?: number;
  /** Beyond those, the slowest rate that a transfer may have, in bytes per second: 2 Mbit/s. @default 262144 */
  readonly slowestRate?: number;
}

/**
 * How long a transfer of so many bytes may take, in milliseconds: a large one does not fail over a slow network while its bytes
 * flow, and none goes on for ever.
 */
export function transferDeadlineMs(bytes: number, { baseMs = 60_000, slowestRate = 262_144 }: TransferSettings = {}): number {
  return Math.ceil(baseMs + (bytes * 1_000) / slowestRate);
}
