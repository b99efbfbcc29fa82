import { useEffect, useState } from "preact/hooks";
import { useConnection } from "./connection.ts";
import { api } from "./data/api.ts";
import { navigate, useView } from "./navigation.ts";
import { Header } from "./parts/header.tsx";
import { Help } from "./parts/help.tsx";
import { Notice } from "./parts/notice.tsx";
import { useKeys } from "./use-keys.ts";
import { usePolled } from "./use-polled.ts";
import { BatchView } from "./views/batch.tsx";
import { JobView } from "./views/job.tsx";
import { JobTypeView } from "./views/job-type.tsx";
import { JobsView } from "./views/jobs.tsx";
import { Overview } from "./views/overview.tsx";

const TYPES_MS = 15_000;

/** The page: its head, one view, and what is over all of them. */
export function App() {
  const view = useView();
  const problem = useConnection();
  const about = usePolled("about", api.about, { everyMs: undefined });
  const types = usePolled("types", api.jobTypes, { everyMs: TYPES_MS });
  const [help, setHelp] = useState(false);
  useKeys({
    "?": () => setHelp(true),
    "/": () => document.querySelector<HTMLInputElement>("#find")?.select(),
    o: () => navigate("/"),
    l: () => navigate("/jobs"),
    Escape: () => {
      if (location.pathname !== "/") history.back();
    },
  });
  useEffect(() => {
    document.title = `${titleOf(view)} · Jobs`;
  }, [view]);
  const shared = { types: types.value ?? [], refreshTypes: types.refresh };
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header view={view} api={about.value?.api} types={shared.types} onHelp={() => setHelp(true)} />
      {problem === undefined ? null : (
        <div class="page-problem">
          <Notice tone="bad">{problem.message}</Notice>
        </div>
      )}
      <main id="main" tabIndex={-1}>
        {view.view === "overview" ? <Overview types={types.value} error={types.error} /> : null}
        {view.view === "type" ? <JobTypeView key={view.name} name={view.name} hours={view.hours} {...shared} /> : null}
        {view.view === "jobs" ? <JobsView filters={view.filters} types={shared.types} /> : null}
        {view.view === "job" ? <JobView key={view.id} id={view.id} hasLogs={about.value?.logs === true} /> : null}
        {view.view === "batch" ? <BatchView key={view.id} id={view.id} status={view.status} /> : null}
        {view.view === "missing" ? <h1>There is no such page</h1> : null}
      </main>
      {help ? <Help onClose={() => setHelp(false)} /> : null}
    </>
  );
}

function titleOf(view: ReturnType<typeof useView>): string {
  if (view.view === "job" || view.view === "batch") return view.id;
  if (view.view === "type") return view.name;
  return view.view === "jobs" ? "List" : "Overview";
}
