/** Filters of the list of jobs, named as the API names them. */
export interface JobFilters {
  readonly type?: string;
  readonly status: readonly string[];
  readonly tag: readonly string[];
  readonly createdAfter?: string;
  readonly createdBefore?: string;
}

/** What the page shows. */
export type View =
  | { readonly view: "overview" }
  | { readonly view: "type"; readonly name: string; readonly hours: number }
  | { readonly view: "jobs"; readonly filters: JobFilters }
  | { readonly view: "job"; readonly id: string }
  | { readonly view: "batch"; readonly id: string; readonly status: readonly string[] }
  | { readonly view: "missing" };

export const HOURS: readonly number[] = [1, 3, 12, 24, 72];
export const DEFAULT_HOURS = 3;

/** The view that an address names: an address says all that is shown, so that it can be kept, and the back button works. */
export function viewOf(path: string, search: string): View {
  const query = new URLSearchParams(search);
  const [, kind, name, ...rest] = path.split("/").map(decoded);
  if (rest.length > 0) return { view: "missing" };
  if (kind === "") return { view: "overview" };
  if (kind === "jobs" && name === undefined) return { view: "jobs", filters: filtersOf(query) };
  if (name === undefined || name === "") return { view: "missing" };
  if (kind === "jobs") return { view: "job", id: name };
  if (kind === "batches") return { view: "batch", id: name, status: query.getAll("status") };
  if (kind === "types") return { view: "type", name, hours: hoursOf(query.get("hours")) };
  return { view: "missing" };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function hoursOf(text: string | null): number {
  const hours = Number(text);
  return HOURS.includes(hours) ? hours : DEFAULT_HOURS;
}

function filtersOf(query: URLSearchParams): JobFilters {
  const one = (name: string): Record<string, string> => {
    const value = query.get(name);
    return value === null || value === "" ? {} : { [name]: value };
  };
  const times = { ...one("createdAfter"), ...one("createdBefore") };
  return { ...one("type"), ...times, status: query.getAll("status"), tag: query.getAll("tag") };
}

/** The filters as a query of the page's address, and of the API's. */
export function filterQuery({ status, tag, ...single }: JobFilters): Record<string, string | readonly string[]> {
  const given = Object.entries(single).filter(([, value]) => value !== undefined && value !== "");
  return { ...Object.fromEntries(given), ...(status.length > 0 ? { status } : {}), ...(tag.length > 0 ? { tag } : {}) };
}

export function addressOf(path: string, query: Readonly<Record<string, string | number | readonly string[]>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) search.append(name, String(one));
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

export function jobsAddress(filters: Partial<JobFilters>): string {
  return addressOf("/jobs", filterQuery({ status: [], tag: [], ...filters }));
}

const JOB_ID = /^[a-z][a-z0-9-]*_[0-9A-Z]{26}$/i;
const BATCH_ID = /^[a-z][a-z0-9-]*_batch_[0-9A-Z]{26}$/i;

/** Where a text leads that somebody typed or pasted: an ID of a job or a batch, a type, or a tag; undefined where it is none of these. */
export function destination(text: string, types: readonly string[]): string | undefined {
  const found = text.trim();
  if (BATCH_ID.test(found)) return `/batches/${found}`;
  if (JOB_ID.test(found)) return `/jobs/${found}`;
  if (types.includes(found)) return `/types/${found}`;
  if (/^[^:\s]+:.+$/.test(found)) return jobsAddress({ tag: [found] });
  return undefined;
}
