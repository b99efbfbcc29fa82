/**
 * The folder boundaries, as rules. The folders are the architecture: what a rule forbids is a change of design, so the
 * design changes first. Type imports count as imports, except where a rule names `type-only`.
 */

const OUR_FOLDERS =
  "^(domain|handlers|worker|client|cli|scaling|modules|local|jobs|environments|examples|scripts|bench|__tests__)/|^main[.]ts$";
const TESTS = ["(^|/)__tests__/", "[.](limits-)?test[.]ts$"];
/** What the worker offers to tests of jobs. */
const TESTING = "^worker/(testing|test-run)[.]ts$";
const PACKAGES = "(^|/)node_modules/";

/** Code that runs in AWS, or generates what runs there. Job types have a rule of their own. */
const PRODUCTION = "^(domain|handlers|worker|scaling|modules|environments)/|^main[.]ts$";

/** The modules of `domain` that load zod when they run. The others know it as a type only. */
const ZOD_MODULES =
  "^domain/(registry-entry|input-schema|job-schema|batch-schema|followed-batch|setting-schemas|tags|job-type-settings|deployment-settings)[.]ts$";

/** What the build makes the API's description of; no Lambda loads it. */
const API_DESCRIPTION = "^handlers/openapi/(description|operations|job-schema|batch-schema|problem-schema)[.]ts$";

/** CDKTF's packages: by name where they are not installed, by file where they are. */
const CDKTF = "(^|/node_modules/|^node_modules/)(cdktf|constructs|@cdktf/provider-aws)(/|$)";

/** A folder of ours, and the only folders of ours that it imports. */
function boundary(folder, imports, reason) {
  return {
    name: `boundary-of-${folder}`,
    comment: `${folder} imports ${imports.join(", ") || "no other folder of ours"}: ${reason}`,
    severity: "error",
    from: { path: `^${folder}/`, pathNot: TESTS },
    to: { path: OUR_FOLDERS, pathNot: `^(${[folder, ...imports].join("|")})/` },
  };
}

const boundaries = [
  boundary("domain", [], "both bundles, Terraform and the local platform share it."),
  boundary("scaling", ["domain"], "one scaling model serves Terraform, the local autoscaler and simulations."),
  boundary("handlers", ["domain"], "a Lambda's bundle holds what it runs and nothing else."),
  boundary("worker", ["domain"], "the container is the same for every job type; its job comes in at build time."),
  {
    ...boundary("client", [], "callers install it by itself: of ours it knows types of domain only, which are gone at run time."),
    to: { path: OUR_FOLDERS, pathNot: "^client/", dependencyTypesNot: ["type-only"] },
  },
  {
    name: "client-knows-types-of-domain-only",
    comment: "What a caller may know of a job type is in domain.",
    severity: "error",
    from: { path: "^client/" },
    to: { path: OUR_FOLDERS, pathNot: "^(client|domain)/" },
  },
  boundary("cli", ["client"], "operators install it by itself: it knows the API, and nothing that runs behind it."),
  boundary("modules", ["domain", "scaling", "environments"], "infrastructure knows settings, not the programs it deploys."),
  boundary("environments", ["domain"], "an environment is settings only."),
  boundary("local", ["domain", "scaling"], "it runs the built bundles as files, so that what runs here is what ships."),
  {
    ...boundary("examples", [], "readers copy a folder into projects of their own."),
    from: { path: "^examples/", pathNot: ["^examples/jobs/", ...TESTS] },
  },
  {
    name: "boundary-of-main",
    comment: "main.ts builds stacks from domain, scaling, modules and environments; job types are found by their folder.",
    severity: "error",
    from: { path: "^main[.]ts$" },
    to: { path: OUR_FOLDERS, pathNot: "^(domain|scaling|modules|environments)/" },
  },
];

const jobs = [
  {
    name: "boundary-of-jobs",
    comment: "A job imports domain, worker/define-job.ts and its own folder; its tests also worker/testing.ts.",
    severity: "error",
    from: { path: "^((?:examples/)?jobs/[^/]+)/" },
    to: { path: OUR_FOLDERS, pathNot: "^domain/|^worker/(define-job|testing)[.]ts$|^$1/" },
  },
  {
    name: "job-type-without-job",
    comment: "Terraform and the API load job-type.ts: it must not bring the handler and its packages with it.",
    severity: "error",
    from: { path: "^(examples/)?jobs/[^/]+/job-type[.]ts$" },
    to: { path: "^(examples/)?jobs/[^/]+/job[.]ts$", reachable: true },
  },
];

const zod = [
  {
    name: "handlers-without-zod",
    comment: "zod is many times the size of a handler. The API checks inputs by the JSON Schema in the registry.",
    severity: "error",
    from: { path: "^handlers/", pathNot: [API_DESCRIPTION, ...TESTS] },
    to: { path: `${PACKAGES}zod/` },
  },
  {
    name: "zod-in-few-modules",
    comment: "In domain only the modules listed as ZOD_MODULES load zod at run time, so that handlers can avoid them.",
    severity: "error",
    from: { path: "^domain/", pathNot: [ZOD_MODULES, ...TESTS] },
    to: { path: `${PACKAGES}zod/`, dependencyTypesNot: ["type-only"] },
  },
  {
    name: "handlers-never-reach-zod",
    comment: "No chain of imports leads from a handler to a module that loads zod.",
    severity: "error",
    from: { path: "^handlers/", pathNot: [API_DESCRIPTION, ...TESTS] },
    // A type of the job's or the batch's schema is everywhere, and erased: that no bundle holds zod is for a test of the bundles to see.
    to: { path: ZOD_MODULES, pathNot: "^domain/(job|batch)-schema[.]ts$", reachable: true },
  },
];

const cdktf = [
  {
    name: "cdktf-in-modules-only",
    comment: "Few files know CDKTF, so that a move to another framework stays small.",
    severity: "error",
    from: { pathNot: ["^modules/", "^main[.]ts$", ...TESTS] },
    to: { path: CDKTF },
  },
  {
    name: "aws-provider-by-deep-path",
    comment: "The barrel of @cdktf/provider-aws costs seconds and 500 MB: import @cdktf/provider-aws/lib/<resource>.",
    severity: "error",
    from: {},
    to: { path: ["^@cdktf/provider-aws$", "@cdktf/provider-aws/(lib/)?index[.](js|ts|d[.]ts)$", "^@cdktf/provider-aws/lib$"] },
  },
];

const packages = [
  {
    name: "no-development-packages",
    comment: "What runs in AWS imports packages that its own package.json lists as dependencies. Types are erased.",
    severity: "error",
    from: { path: PRODUCTION, pathNot: TESTS },
    to: { path: PACKAGES, dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
  },
  {
    name: "jobs-list-their-packages",
    comment: "A job's package.json lists what it imports: dependencies go into its image, devDependencies into its bundle.",
    severity: "error",
    from: { path: "^(examples/)?jobs/[^/]+/job(-type)?[.]ts$" },
    to: { path: PACKAGES, dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
  },
  {
    name: "client-lists-its-packages",
    comment: "The client's package.json lists what it imports: little, as callers install it with what they have.",
    severity: "error",
    from: { path: "^client/" },
    to: {
      path: PACKAGES,
      dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
      dependencyTypesNot: ["type-only"],
    },
  },
  {
    name: "cli-lists-its-packages",
    comment: "The CLI's package.json lists what it imports: its package holds that, and the client.",
    severity: "error",
    from: { path: "^cli/", pathNot: TESTS },
    to: {
      path: PACKAGES,
      dependencyTypes: ["npm-no-pkg", "npm-unknown"],
      dependencyTypesNot: ["type-only"],
    },
  },
  {
    name: "client-signs-on-demand",
    comment: "What signs requests is loaded by callers who sign: only iam-signer.ts imports it, and is imported when it is used.",
    severity: "error",
    from: { path: "^client/", pathNot: "^client/iam-signer[.]ts$" },
    to: { path: [PACKAGES, "^client/iam-signer[.]ts$"], dependencyTypesNot: ["type-only", "dynamic-import"] },
  },
  {
    name: "examples-list-their-packages",
    comment: "A copied example installs what it imports by its own package.json.",
    severity: "error",
    from: { path: "^examples/(?!jobs/)" },
    to: { path: PACKAGES, dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
  },
];

const everywhere = [
  {
    name: "no-tests-in-production",
    comment: "Tests and what exists for tests stay out of what ships.",
    severity: "error",
    from: { pathNot: [...TESTS, TESTING, "^(scripts|bench)/"] },
    to: { path: [...TESTS, TESTING] },
  },
  {
    name: "no-cycles",
    comment: "Modules that load each other have no order. A cycle of types only is fine: it is gone at run time.",
    severity: "error",
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
  },
  {
    name: "no-unresolvable",
    comment: "Every import leads to a file or an installed package.",
    severity: "error",
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden: [...boundaries, ...jobs, ...zod, ...cdktf, ...packages, ...everywhere],
  options: {
    doNotFollow: { path: PACKAGES },
    exclude: { path: "^(dist|cdktf[.]out|[.]local|coverage)/" },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      // .d.ts for packages of types only, such as @types/aws-lambda.
      extensions: [".ts", ".mjs", ".js", ".json", ".d.ts"],
    },
  },
};
