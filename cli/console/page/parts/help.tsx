import { Dialog } from "./dialog.tsx";

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["/"], "find a job, batch, type or tag"],
  [["o"], "overview"],
  [["l"], "list of jobs"],
  [["j", "k"], "next and previous job in a list"],
  [["Enter"], "open the job"],
  [["x"], "select the job"],
  [["r"], "retry the job that is shown"],
  [["c"], "cancel the job that is shown"],
  [["Esc"], "close a dialog, or go back"],
  [["?"], "this help"],
];

export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl class="keys">
        {KEYS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <div class="dialog-actions">
        <button type="button" class="button button-primary" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
