// Made from the API's OpenAPI description by npm run api-types; a test tells when it is no longer that.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly Job: {
            /** @description `<type>_<ULID>`. */
            readonly id: string;
            readonly type: string;
            /** @enum {string} */
            readonly status: "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
            /** @description Rises by 1 with each change of status and each cancel request. Of two events of one ID the newer has the later `createdAt` or, of one `createdAt`, the higher `version`: a key that is used again after its job expired begins at 1. */
            readonly version: number;
            /** @description How often a worker has taken the job up. */
            readonly attempt: number;
            readonly maxAttempts: number;
            /** @description Absent when it is large: then `inputLocation` tells where it is. */
            readonly input?: unknown;
            readonly inputLocation?: {
                readonly bucket: string;
                readonly key: string;
                readonly bytes: number;
            };
            /** @description The files that the job was added with, by their names. */
            readonly files?: {
                readonly [key: string]: {
                    readonly bytes: number;
                    readonly contentType: string;
                    /**
                     * Format: uri
                     * @description Reads the object, for 60 minutes; browsers save it. In answers to GET /jobs/{id} only.
                     */
                    readonly url?: string;
                };
            };
            /** @description Of a job that succeeded; absent when it is large: then `resultLocation` tells where it is. In answers to GET /jobs/{id}, each file in it has a `url`. */
            readonly result?: unknown;
            readonly resultLocation?: {
                readonly bucket: string;
                readonly key: string;
                readonly bytes: number;
            };
            /** @description Why the job failed or, while it is queued again, why its last attempt did. */
            readonly error?: {
                readonly code: string;
                readonly message: string;
            };
            /** @description Of the attempt that runs. */
            readonly progress?: {
                readonly fraction: number;
                readonly message?: string;
            };
            /** @description The attempts that ended without ending the job, oldest first: the last 10. */
            readonly attempts?: readonly {
                readonly attempt: number;
                /** Format: date-time */
                readonly startedAt: string;
                /**
                 * Format: date-time
                 * @description Of a lost attempt: when its lease ended.
                 */
                readonly endedAt: string;
                /**
                 * @description `retry`: it failed, and there are more. `released`: its worker handed the job back, at no cost of an attempt. `lost`: its worker died, or lost touch.
                 * @enum {string}
                 */
                readonly outcome: "retry" | "released" | "lost";
                readonly error?: {
                    readonly code: string;
                    readonly message: string;
                };
                /** @description The ID of its task, whose log tells more. */
                readonly worker: string;
                /** @description The tag of the worker's image. */
                readonly image?: string;
            }[];
            readonly tags?: {
                readonly [key: string]: string;
            };
            readonly groupId?: string;
            /** @description The principal who added the job: `iam:<ARN>` (of an assumed role that of the role, `iam:arn:aws:sts::<account>:assumed-role/<role>`, unless the deployment tells sessions apart), `cognito:<identity ID>`, `jwt:<subject>`, or `lambda:<principalId>`; of what a schedule of its type added, `schedule:<type>/<name>`. */
            readonly owner: string;
            /** @description Of a job that POST /batches added: the batch that it belongs to. */
            readonly batchId?: string;
            /** @description Of a job that POST /jobs/{id}/retry added: the job that it does again. */
            readonly retryOf?: string;
            /** @description Of a job that was asked for as a part of a trace: its place there (W3C Trace Context). */
            readonly traceparent?: string;
            /** Format: date-time */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When `version` last rose.
             */
            readonly updatedAt: string;
            /**
             * Format: date-time
             * @description When the first attempt started.
             */
            readonly startedAt?: string;
            /**
             * Format: date-time
             * @description While an attempt runs: when its worker last said so. Absent until it first does.
             */
            readonly heartbeatAt?: string;
            /** Format: date-time */
            readonly finishedAt?: string;
            /** Format: date-time */
            readonly cancelRequestedAt?: string;
            /**
             * Format: date-time
             * @description Of a job that was added for later, by a time or a delay: no attempt starts before.
             */
            readonly runAt?: string;
            /**
             * Format: date-time
             * @description While the job waits for a retry: no attempt starts before.
             */
            readonly nextAttemptAt?: string;
            /** @description Epoch seconds from which on the job is gone; of ended jobs. */
            readonly expiresAt?: number;
            /**
             * Format: uri
             * @description Reads the object, for 60 minutes; browsers save it. In answers to GET /jobs/{id} only.
             */
            readonly inputUrl?: string;
            /**
             * Format: uri
             * @description Reads the object, for 60 minutes; browsers save it. In answers to GET /jobs/{id} only.
             */
            readonly resultUrl?: string;
            /** @description The files in a large result of up to 1 MiB, the first 1,000. In answers to GET /jobs/{id} only. */
            readonly resultFiles?: readonly {
                readonly bucket: string;
                readonly key: string;
                readonly bytes: number;
                readonly contentType: string;
                /**
                 * Format: uri
                 * @description Reads the object, for 60 minutes; browsers save it.
                 */
                readonly url: string;
            }[];
        } & (unknown | unknown);
        readonly Batch: {
            /** @description `<type>_batch_<ULID>`. */
            readonly id: string;
            readonly type: string;
            /**
             * @description COMPLETE once all its jobs have ended, whatever their ends.
             * @enum {string}
             */
            readonly status: "OPEN" | "COMPLETE";
            /** @description 1 while it is OPEN, 2 once it is COMPLETE. */
            readonly version: number;
            /** @description Jobs that it has. */
            readonly total: number;
            /** @description Jobs that have not ended. */
            readonly pending: number;
            /** @description Jobs that ended as SUCCEEDED. */
            readonly succeeded: number;
            /** @description Jobs that ended as FAILED. */
            readonly failed: number;
            /** @description Jobs that ended as CANCELLED. */
            readonly cancelled: number;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly completedAt?: string;
            /** @description The job that `onComplete` asked for, once it has been added. */
            readonly onCompleteJobId?: string;
        };
        readonly JobType: {
            readonly name: string;
            readonly description: string;
            /** @description JSON Schema, draft 2020-12, of `input`. */
            readonly inputSchema: Record<string, unknown>;
            /** @description The files that its jobs take, by their names: see POST /uploads. */
            readonly files: {
                readonly [key: string]: {
                    readonly description: string;
                    readonly maxBytes: number;
                    /** @description Whether a job must have it. */
                    readonly required: boolean;
                    /** @description Those that it may have; absent where it may have any. */
                    readonly contentTypes?: readonly string[];
                };
            };
            readonly limits: {
                /** @description Seconds that one attempt may take. */
                readonly timeoutSeconds: number;
                readonly maxAttempts: number;
                /** @description Jobs that one worker runs at a time. */
                readonly concurrency: number;
                /** @description Workers that run at a time, at most. */
                readonly maxTasks: number;
            };
            /** @description What adds its jobs by itself. Their owner is `schedule:<type>/<name>`. */
            readonly schedules: readonly {
                readonly name: string;
                /** @description `cron(...)`, `rate(...)` or `at(...)`, as EventBridge Scheduler writes them. */
                readonly expression: string;
                /** @description In which the expression is read, such as Europe/Berlin. */
                readonly timezone: string;
                readonly enabled: boolean;
                /** @description Whether it adds no job while its last one has not ended. */
                readonly skipWhileRunning: boolean;
                /** @description Each job is added at some time within so many minutes. */
                readonly flexibleMinutes?: number;
                /**
                 * Format: date-time
                 * @description Absent of a rate, whose times count from when it was deployed, and where there is none.
                 */
                readonly nextRunAt?: string;
            }[];
            /**
             * @description The type takes no more jobs.
             * @constant
             */
            readonly retired?: true;
            /** @description Who paused the type: its jobs are accepted, and none starts until it is resumed. Absent while it is not paused. */
            readonly paused?: {
                /** @description The principal, as in `owner` of jobs. */
                readonly by: string;
                /** Format: date-time */
                readonly at: string;
                /** @description What it is paused for, where that was said. */
                readonly reason?: string;
            };
        };
        readonly Upload: {
            /** @description What `files` of POST /jobs names. */
            readonly upload: string;
            /**
             * Format: uri
             * @description Takes one `PUT` of the file's bytes.
             */
            readonly url: string;
            /** @description The `PUT` must have these, as they are here; most clients add `content-length` themselves, and browsers always do. */
            readonly headers: {
                readonly "content-length": string;
                readonly "content-type": string;
                /** @constant */
                readonly "if-none-match": "*";
            };
            /**
             * Format: date-time
             * @description The `PUT` must begin before.
             */
            readonly expiresAt: string;
        };
        readonly Why: {
            /**
             * @description `Ended`: the job has ended: `status`, and `errorCode` where it failed, say how.
             *
             *     `CancelRequested`: somebody asked for its end, and its worker is about to stop it.
             *
             *     `Running`: a worker runs it, and keeps its lease.
             *
             *     `WorkerLost`: its worker is gone or does not answer; once its lease has ended, another worker takes the job over.
             *
             *     `WaitsForDelay`: it was added for later, and is not due.
             *
             *     `WaitsForRetry`: an attempt failed, and the wait before the next one is not over.
             *
             *     `TypePaused`: its type is paused: jobs are accepted, and none is started.
             *
             *     `MessageDeadLettered`: its message came to the dead-letter queue.
             *
             *     `NoWorkerAskedFor`: no worker is wanted for it: its type has no service, the wake call failed, or its message is gone.
             *
             *     `TasksDoNotStart`: tasks are started and end at once, or cannot be started at all.
             *
             *     `WorkersCannotClaim`: workers run, and cannot take it up or begin its attempt.
             *
             *     `WorkersStarting`: a worker was asked for and starts, or is about to take it.
             *
             *     `AllWorkersBusy`: all workers have as many jobs as they take at a time.
             *
             *     `Unknown`: it waits, and what would tell why could not be read: see `unread`.
             * @enum {unknown}
             */
            readonly code: "Ended" | "CancelRequested" | "Running" | "WorkerLost" | "WaitsForDelay" | "WaitsForRetry" | "TypePaused" | "MessageDeadLettered" | "NoWorkerAskedFor" | "TasksDoNotStart" | "WorkersCannotClaim" | "WorkersStarting" | "AllWorkersBusy" | "Unknown";
            /** @description The cause in one sentence, for people. */
            readonly summary: string;
            /** @description What mends it, for people: with a command of the CLI, where one does. */
            readonly nextStep: string;
            /** @description What shows the cause. Times are ISO 8601; counts of a queue are approximate, and up to a minute old. */
            readonly facts: {
                readonly [key: string]: string | number | boolean;
            };
            /** @description Sources that could not be read; what they would have told is missing. Absent where all were. */
            readonly unread?: readonly string[];
        };
        readonly JobTypeStatus: {
            readonly name: string;
            /** @description Of a type that is paused: by whom, since when, and what for. */
            readonly paused?: {
                readonly by: string;
                /** Format: date-time */
                readonly at: string;
                readonly reason?: string;
            };
            /** @description Messages that workers could take now. Approximate, as all counts of SQS. */
            readonly waiting?: number;
            /** @description Messages that workers have in hand, or that are hidden until a retry is due. */
            readonly running?: number;
            /** @description Messages of jobs that are due within the minute. */
            readonly delayed?: number;
            /** @description Messages in the dead-letter queue. */
            readonly deadLetters?: number;
            /** @description For how long the job has waited that waits longest. Absent where none is due. */
            readonly oldestSeconds?: number;
            readonly tasks: {
                /** @description Workers that are to run. */
                readonly desired?: number;
                readonly running?: number;
                /** @description Those that are to run and do not yet. */
                readonly pending?: number;
                /** @description Workers that run at a time, at most. */
                readonly max: number;
            };
            /** @description What a worker said that cannot take jobs up or begin them, while that holds. */
            readonly workerError?: {
                readonly code: string;
                readonly message: string;
                /** Format: date-time */
                readonly at: string;
                readonly worker: string;
                readonly image?: string;
            };
            /** @description Why its workers do not start, or end at once, where that is so. */
            readonly startError?: string;
            /** @description Why workers that are to run find no place, where that is so. */
            readonly placement?: string;
            /** @description Sources that could not be read; what they would have told is missing. Absent where all were. */
            readonly unread?: readonly string[];
            /** @description With `hours`: how the jobs of the type fared. What nobody reported of a period is absent from its point. */
            readonly series?: {
                /** @description Seconds of a point. */
                readonly periodSeconds: number;
                /** @description Oldest first; the last period has only begun. */
                readonly points: readonly {
                    /**
                     * Format: date-time
                     * @description When the period began.
                     */
                    readonly at: string;
                    /** @description The most messages that workers could take. */
                    readonly waiting?: number;
                    /** @description The most messages that workers had in hand, or that were hidden until a retry was due. */
                    readonly running?: number;
                    /** @description The most workers that ran. */
                    readonly tasks?: number;
                    /** @description Jobs that succeeded. */
                    readonly succeeded?: number;
                    /** @description Jobs that failed, those of dead letters included. */
                    readonly failed?: number;
                    /** @description Half of the attempts that ended took no longer. */
                    readonly runSeconds?: number;
                    /** @description Half of the jobs that were begun waited no longer for their first attempt, once they were due. */
                    readonly queueWaitSeconds?: number;
                }[];
            };
        };
        readonly Problem: {
            /** @constant */
            readonly type: "about:blank";
            readonly title: string;
            readonly status: number;
            /**
             * @description - `InvalidJson`: the body is not JSON in UTF-8
             *     - `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
             *     - `InvalidCursor`: the cursor was not issued for this query
             *     - `Unauthenticated`: the request names no principal
             *     - `JobNotFound`: no such job, or it has expired, or it is not the caller's
             *     - `BatchNotFound`: no such batch, or it has expired, or it is not the caller's
             *     - `UnknownJobType`: no such job type
             *     - `RouteNotFound`: no such path or method
             *     - `IdempotencyKeyReused`: the idempotency key belongs to another request
             *     - `JobTypeRetired`: the job type takes no more jobs
             *     - `JobNotEnded`: the job has not ended, so it cannot be retried
             *     - `JobInputGone`: the job's input is not stored any more, so it cannot be retried
             *     - `JobAlreadyEnded`: the job succeeded or failed before it could be cancelled
             *     - `FileTooLarge`: the file is larger than its job type takes; see `errors`
             *     - `BodyTooLarge`: the body is too large
             *     - `InvalidInput`: the input does not match the schema of its job type, or has numbers that its handler cannot hold; see `errors`
             *     - `InvalidFiles`: a file is not declared by the job type, not uploaded, too old, or not as the job type asks; see `errors`
             *     - `InternalError`: something is broken; whether the request took effect is unknown
             *     - `Unavailable`: a service is overloaded or slow; whether the request took effect is unknown: try again
             * @enum {string}
             */
            readonly code: "InvalidJson" | "InvalidRequest" | "InvalidCursor" | "Unauthenticated" | "JobNotFound" | "BatchNotFound" | "UnknownJobType" | "RouteNotFound" | "IdempotencyKeyReused" | "JobTypeRetired" | "JobNotEnded" | "JobInputGone" | "JobAlreadyEnded" | "FileTooLarge" | "BodyTooLarge" | "InvalidInput" | "InvalidFiles" | "InternalError" | "Unavailable";
            /** @description What went wrong, for people. */
            readonly detail: string;
            readonly errors?: readonly {
                /** @description A JSON pointer into the body, `?name` for a query parameter, or a header. */
                readonly path: string;
                readonly message: string;
            }[];
        };
        readonly GatewayError: {
            readonly message: string | null;
        };
    };
    responses: {
        /** @description From API Gateway: the token is missing, expired or of another issuer */
        readonly 401: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /** @description From API Gateway: the caller may not make this call */
        readonly 403: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /** @description From API Gateway: the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size */
        readonly 413: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /** @description From API Gateway: too many requests: try again */
        readonly 429: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /**
         * @description `InvalidJson`: the body is not JSON in UTF-8
         *
         *     `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
         *
         *     From API Gateway: the request is not well-formed HTTP
         */
        readonly "400_InvalidJson_InvalidRequest": {
            headers: {
                readonly "cache-control"?: "no-store";
                readonly "x-content-type-options"?: "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 400;
                    /** @enum {unknown} */
                    readonly code?: "InvalidJson" | "InvalidRequest";
                };
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /**
         * @description `Unauthenticated`: the request names no principal
         *
         *     From API Gateway: the token is missing, expired or of another issuer
         */
        readonly "401_Unauthenticated": {
            headers: {
                readonly "cache-control"?: "no-store";
                readonly "x-content-type-options"?: "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 401;
                    /** @enum {unknown} */
                    readonly code?: "Unauthenticated";
                };
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /** @description `UnknownJobType`: no such job type */
        readonly "404_UnknownJobType": {
            headers: {
                readonly "cache-control": "no-store";
                readonly "x-content-type-options": "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 404;
                    /** @enum {unknown} */
                    readonly code?: "UnknownJobType";
                };
            };
        };
        /**
         * @description `JobTypeRetired`: the job type takes no more jobs
         *
         *     `IdempotencyKeyReused`: the idempotency key belongs to another request
         */
        readonly "409_JobTypeRetired_IdempotencyKeyReused": {
            headers: {
                readonly "cache-control": "no-store";
                readonly "x-content-type-options": "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 409;
                    /** @enum {unknown} */
                    readonly code?: "JobTypeRetired" | "IdempotencyKeyReused";
                };
            };
        };
        /**
         * @description `BodyTooLarge`: the body is too large
         *
         *     From API Gateway: the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size
         */
        readonly "413_BodyTooLarge": {
            headers: {
                readonly "cache-control"?: "no-store";
                readonly "x-content-type-options"?: "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 413;
                    /** @enum {unknown} */
                    readonly code?: "BodyTooLarge";
                };
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /**
         * @description `InvalidInput`: the input does not match the schema of its job type, or has numbers that its handler cannot hold; see `errors`
         *
         *     `InvalidFiles`: a file is not declared by the job type, not uploaded, too old, or not as the job type asks; see `errors`
         */
        readonly "422_InvalidInput_InvalidFiles": {
            headers: {
                readonly "cache-control": "no-store";
                readonly "x-content-type-options": "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 422;
                    /** @enum {unknown} */
                    readonly code?: "InvalidInput" | "InvalidFiles";
                };
            };
        };
        /**
         * @description `InternalError`: something is broken; whether the request took effect is unknown
         *
         *     From API Gateway: something is broken; whether the request took effect is unknown
         */
        readonly "500_InternalError": {
            headers: {
                readonly "cache-control"?: "no-store";
                readonly "x-content-type-options"?: "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 500;
                    /** @enum {unknown} */
                    readonly code?: "InternalError";
                };
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /**
         * @description `Unavailable`: a service is overloaded or slow; whether the request took effect is unknown: try again
         *
         *     From API Gateway: the operation took longer than 30 s; whether the request took effect is unknown: try again
         */
        readonly "503_Unavailable": {
            headers: {
                readonly "cache-control"?: "no-store";
                readonly "x-content-type-options"?: "nosniff";
                /** @description Seconds. */
                readonly "Retry-After"?: number;
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 503;
                    /** @enum {unknown} */
                    readonly code?: "Unavailable";
                };
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /**
         * @description `InvalidCursor`: the cursor was not issued for this query
         *
         *     `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
         *
         *     From API Gateway: the request is not well-formed HTTP
         */
        readonly "400_InvalidCursor_InvalidRequest": {
            headers: {
                readonly "cache-control"?: "no-store";
                readonly "x-content-type-options"?: "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 400;
                    /** @enum {unknown} */
                    readonly code?: "InvalidCursor" | "InvalidRequest";
                };
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /** @description `JobNotFound`: no such job, or it has expired, or it is not the caller's */
        readonly "404_JobNotFound": {
            headers: {
                readonly "cache-control": "no-store";
                readonly "x-content-type-options": "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 404;
                    /** @enum {unknown} */
                    readonly code?: "JobNotFound";
                };
            };
        };
        /**
         * @description `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
         *
         *     From API Gateway: the request is not well-formed HTTP
         */
        readonly "400_InvalidRequest": {
            headers: {
                readonly "cache-control"?: "no-store";
                readonly "x-content-type-options"?: "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 400;
                    /** @enum {unknown} */
                    readonly code?: "InvalidRequest";
                };
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /**
         * @description `JobNotFound`: no such job, or it has expired, or it is not the caller's
         *
         *     `UnknownJobType`: no such job type
         */
        readonly "404_JobNotFound_UnknownJobType": {
            headers: {
                readonly "cache-control": "no-store";
                readonly "x-content-type-options": "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 404;
                    /** @enum {unknown} */
                    readonly code?: "JobNotFound" | "UnknownJobType";
                };
            };
        };
        /**
         * @description `JobNotEnded`: the job has not ended, so it cannot be retried
         *
         *     `JobInputGone`: the job's input is not stored any more, so it cannot be retried
         *
         *     `JobTypeRetired`: the job type takes no more jobs
         */
        readonly "409_JobNotEnded_JobInputGone_JobTypeRetired": {
            headers: {
                readonly "cache-control": "no-store";
                readonly "x-content-type-options": "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 409;
                    /** @enum {unknown} */
                    readonly code?: "JobNotEnded" | "JobInputGone" | "JobTypeRetired";
                };
            };
        };
        /** @description `JobAlreadyEnded`: the job succeeded or failed before it could be cancelled */
        readonly "409_JobAlreadyEnded": {
            headers: {
                readonly "cache-control": "no-store";
                readonly "x-content-type-options": "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 409;
                    /** @enum {unknown} */
                    readonly code?: "JobAlreadyEnded";
                };
            };
        };
        /** @description `BatchNotFound`: no such batch, or it has expired, or it is not the caller's */
        readonly "404_BatchNotFound": {
            headers: {
                readonly "cache-control": "no-store";
                readonly "x-content-type-options": "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 404;
                    /** @enum {unknown} */
                    readonly code?: "BatchNotFound";
                };
            };
        };
        /** @description `JobTypeRetired`: the job type takes no more jobs */
        readonly "409_JobTypeRetired": {
            headers: {
                readonly "cache-control": "no-store";
                readonly "x-content-type-options": "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 409;
                    /** @enum {unknown} */
                    readonly code?: "JobTypeRetired";
                };
            };
        };
        /**
         * @description `BodyTooLarge`: the body is too large
         *
         *     `FileTooLarge`: the file is larger than its job type takes; see `errors`
         *
         *     From API Gateway: the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size
         */
        readonly "413_BodyTooLarge_FileTooLarge": {
            headers: {
                readonly "cache-control"?: "no-store";
                readonly "x-content-type-options"?: "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 413;
                    /** @enum {unknown} */
                    readonly code?: "BodyTooLarge" | "FileTooLarge";
                };
                readonly "application/json": components["schemas"]["GatewayError"];
            };
        };
        /** @description `InvalidFiles`: a file is not declared by the job type, not uploaded, too old, or not as the job type asks; see `errors` */
        readonly "422_InvalidFiles": {
            headers: {
                readonly "cache-control": "no-store";
                readonly "x-content-type-options": "nosniff";
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    readonly status?: 422;
                    /** @enum {unknown} */
                    readonly code?: "InvalidFiles";
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
