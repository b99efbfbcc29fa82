/** The metric of the end of a pause, by `service` and `jobType`: from then on, the alarm on types without workers counts anew. */
export const JOB_TYPES_RESUMED = { name: "JobTypesResumed", service: "api" } as const;
