import { useState } from "preact/hooks";
import { type JobFilters, jobsAddress } from "../address.ts";
import { navigate } from "../navigation.ts";
import { JOB_STATUSES, statusWord } from "./status.tsx";

export interface FiltersProps {
  readonly filters: JobFilters;
  readonly types: readonly string[];
}

/** The filters of the list; a change is a step in the browser's history. */
export function Filters({ filters, types }: FiltersProps) {
  const [tag, setTag] = useState("");
  const [open, setOpen] = useState(false);
  const set = (change: Partial<JobFilters>): void => navigate(jobsAddress({ ...filters, ...change }));
  const { type = "", status, tag: tags, createdAfter = "", createdBefore = "" } = filters;
  const known = type === "" || types.includes(type) ? types : [...types, type];
  const addTag = (event: Event): void => {
    event.preventDefault();
    const given = tag.trim();
    if (!/^[^:]+:.+$/.test(given) || tags.includes(given)) return;
    setTag("");
    set({ tag: [...tags, given] });
  };
  const count = status.length + tags.length + [type, createdAfter, createdBefore].filter((value) => value !== "").length;
  return (
    <>
      <button type="button" class="button filters-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {count === 0 ? "Filters" : `Filters (${count})`}
      </button>
      <section class={open ? "filters" : "filters filters-closed"} aria-label="Filters">
        <label class="field">
          <span>Type</span>
          <select value={type} onChange={({ currentTarget }) => set({ type: currentTarget.value })}>
            <option value="">All types</option>
            {known.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <fieldset class="field">
          <legend>State</legend>
          <div class="toggles">
            {JOB_STATUSES.map((one) => (
              <button
                key={one}
                type="button"
                class={`toggle status-${one.toLowerCase()}`}
                aria-pressed={status.includes(one)}
                onClick={() => set({ status: status.includes(one) ? status.filter((other) => other !== one) : [...status, one] })}
              >
                {statusWord(one)}
              </button>
            ))}
          </div>
        </fieldset>
        <form class="field" onSubmit={addTag}>
          <label for="tag">Tags</label>
          <div class="tags-field">
            {tags.map((one) => (
              <button
                key={one}
                type="button"
                class="tag tag-button"
                aria-label={`Remove the tag ${one}`}
                onClick={() => set({ tag: tags.filter((other) => other !== one) })}
              >
                {one} ×
              </button>
            ))}
            <input
              id="tag"
              type="text"
              placeholder="key:value"
              value={tag}
              onInput={({ currentTarget }) => setTag(currentTarget.value)}
            />
          </div>
        </form>
        <TimeField label="Added after" value={createdAfter} onChange={(value) => set({ createdAfter: value })} />
        <TimeField label="Added before" value={createdBefore} onChange={(value) => set({ createdBefore: value })} />
        {count > 0 ? (
          <a class="button" href="/jobs">
            Clear filters
          </a>
        ) : null}
      </section>
    </>
  );
}

interface TimeFieldProps {
  readonly label: string;
  /** ISO 8601, or nothing. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function TimeField({ label, value, onChange }: TimeFieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="datetime-local"
        value={localTime(value)}
        onChange={({ currentTarget }) => onChange(currentTarget.value === "" ? "" : new Date(currentTarget.value).toISOString())}
      />
    </label>
  );
}

/** A time as the field takes it: on this machine's clock, without a zone. */
function localTime(iso: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return "";
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
