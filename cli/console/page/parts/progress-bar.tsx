export interface ProgressBarProps {
  /** From 0 to 1. */
  readonly fraction: number;
  readonly label: string;
}

export function ProgressBar({ fraction, label }: ProgressBarProps) {
  const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div class="bar" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <div class="bar-done" style={{ width: `${percent}%` }} />
    </div>
  );
}
