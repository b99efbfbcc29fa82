import { filterQuery, type JobFilters } from "../address.ts";
import { api } from "../data/api.ts";
import type { JobType } from "../data/types.ts";
import { Filters } from "../parts/filters.tsx";
import { JobList } from "../parts/job-list.tsx";
import { useJobList } from "../use-job-list.ts";

export interface JobsViewProps {
  readonly filters: JobFilters;
  readonly types: readonly JobType[];
}

const PAGE_SIZE = 100;

/** Jobs by all filters that the API has; the address has them too. */
export function JobsView({ filters, types }: JobsViewProps) {
  const query = filterQuery(filters);
  const key = `jobs ${JSON.stringify(query)}`;
  const list = useJobList(key, (cursor, signal) => api.jobs({ ...query, limit: PAGE_SIZE, cursor }, signal));
  return (
    <>
      <h1>Jobs</h1>
      <Filters filters={filters} types={types.map(({ name }) => name)} />
      <JobList key={key} list={list} none="No job is like that: take a filter away to see more." />
    </>
  );
}
