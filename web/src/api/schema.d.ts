// Generated from openapi.json by `npm run types`; do not edit.

export interface paths {
    "/api/backtests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List backtests */
        get: operations["listBacktests"];
        put?: never;
        /**
         * Submit a backtest
         * @description Starts a run, joins one in flight, or answers from a stored result (`dedup` says which).
         */
        post: operations["submitBacktest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backtests/{runKey}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a backtest
         * @description Asks every unfinished attempt to stop; may be repeated.
         */
        post: operations["cancelBacktest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backtests/{runKey}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A backtest with its newest result
         * @description `result` is that of `resultAttempt`, even while a newer attempt runs or after it failed.
         */
        get: operations["getBacktest"];
        put?: never;
        post?: never;
        /**
         * Delete a backtest
         * @description Cancels it first; its files go too.
         */
        delete: operations["deleteBacktest"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backtests/{runKey}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The status of a backtest
         * @description `result` is null until Completed. `If-None-Match` with `Prefer: wait=20` waits for news.
         */
        get: operations["getBacktestStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backtests/{runKey}/equity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The equity curve
         * @description Points of `[tsMs, equity, drawdownPct]`; while the run goes on, of the bars done so far.
         */
        get: operations["getBacktestEquity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backtests/{runKey}/trades": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The round trips
         * @description `Accept: text/csv` or Parquet streams all of them, without pages.
         */
        get: operations["getBacktestTrades"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backtests/{runKey}/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The orders with their fills
         * @description Filtered by `status`, `side` and `type`; none while the run goes on. `Accept: text/csv` streams all that match, without pages, the fills of each put together.
         */
        get: operations["getBacktestOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backtests/{runKey}/bars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The bars with the fills on them, for a chart
         * @description When there are more bars than `points`, a row holds several: the open of the first, the extremes, the close of the last, the volume of all. A marker is a fill, or when there are more fills than `points` the fills of one side in one row; `effect` tells what it does to the position. `indicators` are what the strategy plots: a value a row, that of its last bar, null where there is none. While the run goes on the bars are there, markers and indicators are not. Of a run over several series `series` chooses one, in the order of its `data`; indicators belong to the main one, 0.
         */
        get: operations["getBacktestBars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backtests/{runKey}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The event log
         * @description An `Event` a line, in order. There is one when the run was submitted with `eventLog`, also of an attempt that its strategy failed; `not_found` otherwise.
         */
        get: operations["getBacktestEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backtests/{runKey}/report.html": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The report of a backtest as one HTML file
         * @description Holds everything that it shows, and opens without network or scripts: metrics, trades, RunKey, hashes, settings, and how to do the run again. Of the newest completed attempt.
         */
        get: operations["getBacktestReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List optimizations */
        get: operations["listOptimizations"];
        put?: never;
        /**
         * Submit an optimization
         * @description Starts a run, joins one in flight, or answers from a stored result (`dedup` says which).
         */
        post: operations["submitOptimization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations/{runKey}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an optimization
         * @description Asks every unfinished attempt to stop; may be repeated.
         */
        post: operations["cancelOptimization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations/evaluate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What an optimization would cost */
        post: operations["evaluateOptimization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations/{runKey}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An optimization with its newest result
         * @description `result` is that of `resultAttempt`, even while a newer attempt runs or after it failed.
         */
        get: operations["getOptimization"];
        put?: never;
        post?: never;
        /**
         * Delete an optimization
         * @description Cancels it first; its files go too.
         */
        delete: operations["deleteOptimization"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations/{runKey}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The status of an optimization
         * @description `result` is null until Completed. `If-None-Match` with `Prefer: wait=20` waits for news.
         */
        get: operations["getOptimizationStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations/{runKey}/trials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The trials
         * @description Sorted by any metric or parameter, `fitness`, `index` or `durationMs`; by default best first. Filtered by `status` and by the bounds that a submission's `filters` have. `Accept: text/csv` or Parquet streams all that match, without pages.
         */
        get: operations["getOptimizationTrials"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations/{runKey}/trials/{trialKey}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One trial
         * @description By its key, as `best` and `failures` name it; of a walk-forward the first of that key.
         */
        get: operations["getTrial"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations/{runKey}/trials/{trialKey}/equity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The equity curve of a trial
         * @description Of the `keepCurves` best trials, once all have been run: at most 2,000 points of `[tsMs, equity, drawdownPct]`, extremes among them; `total` counts the bars.
         */
        get: operations["getTrialEquity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations/{runKey}/surface": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A metric over two parameters
         * @description The grid of a heat map, while the run goes on of the trials finished so far. Trials that differ in other parameters are folded: the best of them, their median or mean.
         */
        get: operations["getOptimizationSurface"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations/{runKey}/sample": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Some trials as columns
         * @description For charts of whole trials: their parameters and a few `metrics`, best first by the first of these. Of more than `points` it has those that lie evenly through the ranking, and all of the Pareto front. While the run goes on, of the trials finished so far.
         */
        get: operations["getOptimizationSample"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations/{runKey}/distribution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a metric is spread over all trials
         * @description A histogram of every finished trial, with quartiles; while the run goes on, of those so far.
         */
        get: operations["getOptimizationDistribution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/optimizations/{runKey}/report.html": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The report of an optimization as one HTML file
         * @description Holds everything that it shows, and opens without network or scripts: the best trials, charts, RunKey, hashes, settings, and how to do the run again. Of the newest completed attempt.
         */
        get: operations["getOptimizationReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/strategies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List strategies
         * @description With parameters and templates; files that do not load come last, with file, line and reason.
         */
        get: operations["listStrategies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/strategies/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A strategy */
        get: operations["getStrategy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List data sets */
        get: operations["listDatasets"];
        put?: never;
        /**
         * Import a data set
         * @description The file is the body. Tick and lot size are inferred when they are not given. One bad row refuses the file, unless `quarantine` is true: then bad rows are left out and counted in `quarantined`. With `kind` the rows are cash flows of the asset, for runs that ask for them: `funding`, columns time and rate (of the position's value: 0.0001), or `dividends`, columns time and amount (quote currency a unit); at most nine decimals.
         */
        post: operations["importDataset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A data set */
        get: operations["getDataset"];
        put?: never;
        post?: never;
        /**
         * Delete a data set
         * @description Runs that use it now keep it until they end.
         */
        delete: operations["deleteDataset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/downloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List downloads */
        get: operations["listDownloads"];
        put?: never;
        /**
         * Fetch bars from an exchange
         * @description Fetches in the background what is not here yet, then imports it as a data set. The same again joins it, or goes on where it was: after a failure, a cancel, a restart, and without `endTime` with the bars that came since. Takes the extra `download`: `not_supported` where the server lacks it. The topic `downloads` tells of its progress.
         */
        post: operations["submitDownload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/downloads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A download */
        get: operations["getDownload"];
        put?: never;
        post?: never;
        /**
         * Forget a download
         * @description Stops it first. The data set that it became stays.
         */
        delete: operations["deleteDownload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/downloads/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a download
         * @description What was fetched stays, for it to be resumed; an import that has begun is ended. May be repeated until it has stopped.
         */
        post: operations["cancelDownload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/downloads/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a download
         * @description As submitting the same again.
         */
        post: operations["resumeDownload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Workers, queue, loop lag, broker, store, versions */
        get: operations["getSystem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["getLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server takes work */
        get: operations["getReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The figures of this process for Prometheus
         * @description An edge answers with its own; `/metrics/owner` is the owner's everywhere.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics/owner": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The owner's figures for Prometheus */
        get: operations["getOwnerMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove what is not to be kept
         * @description What the settings of the server do not keep (`FORGE_KEEP_RUNS` and the like) goes in the background too; this does it now, at most 500 of each kind at once. Nothing unfinished goes, and no data set that a stored run was made from.
         */
        post: operations["prune"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document as a page */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/asyncapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The messages of the WebSocket */
        get: operations["getAsyncApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs/websocket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The messages of the WebSocket as a page */
        get: operations["getWebSocketDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    runEnded: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A run has ended
         * @description Sent to every URL in `FORGE_WEBHOOKS` once or more, in order; signed as Standard Webhooks has it. Tried again until the answer's status is 2xx.
         */
        post: operations["runEnded"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /**
         * Account
         * @description `cash` buys what it can pay for and never goes short; `margin` may do both.
         */
        Account: {
            /**
             * @default cash
             * @enum {unknown}
             */
            type: "cash" | "margin";
            leverage?: number;
            maintenanceRate?: number;
        };
        /**
         * Axis
         * @description The values one parameter takes: `{min, max, step?}`, `{values}` or `{fixed}`, exactly one of these forms.
         */
        Axis: {
            min?: number;
            max?: number;
            step?: number;
            values?: (boolean | number | string | components["schemas"]["DataSubscription"])[];
            fixed?: boolean | number | string;
        };
        /**
         * BacktestItem
         * @description A backtest in a list.
         */
        BacktestItem: {
            /** @enum {unknown} */
            kind: "backtest";
            runKey: string;
            attempt: number;
            storeId: string;
            strategyName: string;
            strategyVersion: string;
            assetName: string;
            exchange: string;
            timeFrame: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            startTime: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            endTime: string;
            total: number;
            /** @enum {unknown} */
            unit: "bars" | "combinations";
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            submittedAt: string;
            label: string | null;
            /** @enum {unknown} */
            status: "Cancelled" | "Completed" | "Failed" | "Pending" | "Running";
            phase: ("compiling" | "evaluating" | "queued" | "saving" | "simulating" | "starting") | null;
            mode: ("compiled" | "interpreted") | null;
            processed: number;
            failed: number;
            skipped: number;
            ratePerSecond: number | null;
            barsPerSecond: number | null;
            etaSeconds: number | null;
            elapsedMs: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            updatedAt: string;
            startedAt: string | null;
            cancelRequested: boolean;
            errorMessage: string | null;
            errorStackTrace: string | null;
            rev: components["schemas"]["Revision"];
            queuePosition: number | null;
            resultAttempt: number | null;
            stopReason: string | null;
            parameters: {
                [key: string]: boolean | number | string;
            };
            barTime: string | null;
            equity: number | null;
            processedBars: number;
            totalBars: number;
            metrics: components["schemas"]["KeyMetrics"] | null;
        };
        /**
         * BacktestPage
         * @description Backtests in order.
         */
        BacktestPage: {
            nextCursor: string | null;
            totalCount: number;
            items: components["schemas"]["BacktestItem"][];
        };
        /**
         * BacktestRequest
         * @description One set of parameters; those left out take their defaults.
         */
        BacktestRequest: {
            strategyName: string;
            /**
             * Format: date-time
             * @description RFC 3339 with a time zone
             */
            startTime: string;
            /**
             * Format: date-time
             * @description RFC 3339 with a time zone
             */
            endTime: string;
            initialCash: number;
            assetName?: string;
            exchange?: string;
            timeFrame?: string;
            dataSubscriptions?: components["schemas"]["DataSubscription"][];
            /** @default [] */
            cashFlows: ("dividends" | "funding")[];
            strategyVersion?: string;
            commissionPerTrade?: number;
            commission?: components["schemas"]["Commission"];
            /** @default 0 */
            slippageTicks: number;
            /**
             * @default {
             *       "type": "cash"
             *     }
             */
            account: components["schemas"]["Account"];
            /** @default false */
            closeAtEnd: boolean;
            /** @default 0 */
            riskFreeRate: number;
            timeoutSeconds?: number;
            /**
             * @default auto
             * @enum {unknown}
             */
            compile: "auto" | "off";
            /** @default false */
            eventLog: boolean;
            /** @default false */
            force: boolean;
            /**
             * @default normal
             * @enum {unknown}
             */
            priority: "high" | "low" | "normal";
            label?: string;
            /** @default {} */
            strategyParameters: {
                [key: string]: boolean | number | string;
            };
        };
        /**
         * BacktestResult
         * @description The result of one backtest; those of before trials were found by it do not tell `trial_key`.
         */
        BacktestResult: {
            runKey: string;
            attempt: number;
            strategyName: string;
            strategyVersion: string;
            sourceHash: string;
            engineVersion: string;
            /** @enum {unknown} */
            mode: "compiled" | "interpreted";
            settings: Record<string, never>;
            data: components["schemas"]["DataUsed"][];
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            startedAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            completedAt: string;
            durationMs: number;
            simulateMs: number;
            totalBars: number;
            warnings: string[];
            rejectedOrders: number;
            hasEventLog: boolean;
            trialKey: string;
            parameters: {
                [key: string]: boolean | number | string;
            };
            metrics: components["schemas"]["Metrics"];
        };
        /**
         * BacktestStatus
         * @description A backtest as it stands; `result` once Completed, `request` (the submission) of a stored run alone.
         */
        BacktestStatus: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "backtest";
            runKey: string;
            attempt: number;
            storeId: string;
            strategyName: string;
            strategyVersion: string;
            assetName: string;
            exchange: string;
            timeFrame: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            startTime: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            endTime: string;
            total: number;
            /** @enum {unknown} */
            unit: "bars" | "combinations";
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            submittedAt: string;
            label: string | null;
            /** @enum {unknown} */
            status: "Cancelled" | "Completed" | "Failed" | "Pending" | "Running";
            phase: ("compiling" | "evaluating" | "queued" | "saving" | "simulating" | "starting") | null;
            mode: ("compiled" | "interpreted") | null;
            processed: number;
            failed: number;
            skipped: number;
            ratePerSecond: number | null;
            barsPerSecond: number | null;
            etaSeconds: number | null;
            elapsedMs: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            updatedAt: string;
            startedAt: string | null;
            cancelRequested: boolean;
            errorMessage: string | null;
            errorStackTrace: string | null;
            rev: components["schemas"]["Revision"];
            queuePosition: number | null;
            resultAttempt: number | null;
            stopReason: string | null;
            parameters: {
                [key: string]: boolean | number | string;
            };
            barTime: string | null;
            equity: number | null;
            processedBars: number;
            totalBars: number;
            result: components["schemas"]["BacktestResult"] | null;
            request?: Record<string, never>;
        };
        /**
         * Bars
         * @description `rows` of `columns` in their order: `ts` (ms since the epoch) of the first bar in it, prices, volume in units.
         *
         *         A row holds the bars of `interval` ms, counted from the epoch; `markers` are the fills within the window,
         *         `indicators` what the strategy plots: a value a row.
         */
        Bars: {
            columns: string[];
            rows: [
                number,
                number,
                number,
                number,
                number,
                number
            ][];
            interval: number;
            markers: components["schemas"]["Marker"][];
            indicators: {
                [key: string]: (number | null)[];
            };
        };
        /**
         * BrokerInfo
         * @description The broker in use; `detail` says what is wrong when not `up`.
         */
        BrokerInfo: {
            name: string;
            up: boolean;
            detail: string | null;
        };
        /**
         * CancelAnswer
         * @description The answer to a cancel request.
         */
        CancelAnswer: {
            runKey: string;
            /** @enum {unknown} */
            status: "Cancelled" | "Completed" | "Failed" | "Pending" | "Running";
            cancelRequested: boolean;
        };
        /**
         * CashFlowsUsed
         * @description Cash flows that a run took into account: `rows` of them lie within its period.
         */
        CashFlowsUsed: {
            /** @enum {unknown} */
            kind: "dividends" | "funding";
            datasetId: string;
            contentHash: string;
            rows: number;
        };
        /**
         * Changed
         * @description A REST item that changed, or `{id or name, removed: true}`.
         */
        Changed: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "changed";
            /** @enum {unknown} */
            topic: "datasets" | "downloads" | "runs" | "strategies" | "system";
            data: unknown;
        };
        /**
         * ClusterHost
         * @description A machine of the cluster that computes; `runs` says what where it is something else, so that it gets no tasks.
         */
        ClusterHost: {
            address: string;
            slots: number;
            runs: string | null;
        };
        /**
         * ClusterInfo
         * @description The Dask cluster that computes; while it is not `connected` runs wait.
         */
        ClusterInfo: {
            scheduler: string;
            connected: boolean;
            hosts: components["schemas"]["ClusterHost"][];
        };
        /**
         * Commission
         * @description `rate` of notional, quote currency `perOrder` or `perUnit`; `minimum` in quote currency per order.
         */
        Commission: {
            /** @enum {unknown} */
            model: "perOrder" | "perUnit" | "rate";
            value: number;
            /** @default 0 */
            minimum: number;
        };
        /**
         * DataSubscription
         * @description Names one bar series; `timeFrame` takes `1m 5m 1h 1d …` and `"1:00:00"`.
         */
        DataSubscription: {
            assetName: string;
            exchange: string;
            timeFrame: string;
        };
        /**
         * DataUsed
         * @description One data set that a run read; results of before there were several series do not name it.
         */
        DataUsed: {
            datasetId: string;
            contentHash: string;
            rows: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            first: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            last: string;
            synthetic: boolean;
            assetName: string;
            exchange: string;
            timeFrame: string;
            cashFlows: components["schemas"]["CashFlowsUsed"][];
        };
        /**
         * DatasetInfo
         * @description One immutable version of a series; `gaps` holds the longest 100 of `gap_count`.
         *
         *         Cash flows have the name of their kind as `time_frame`, which is none, amounts in steps of `tick_size`, no gaps.
         */
        DatasetInfo: {
            id: string;
            assetName: string;
            exchange: string;
            timeFrame: string;
            version: number;
            contentHash: string;
            rows: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            first: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            last: string;
            tickSize: number;
            lotSize: number;
            quote: string;
            multiplier: number;
            gaps: components["schemas"]["Gap"][];
            gapCount: number;
            quarantined: number;
            source: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            ingestedAt: string;
            synthetic: boolean;
            /** @enum {unknown} */
            kind: "bars" | "dividends" | "funding";
        };
        /**
         * DatasetPage
         * @description Every version of every data set; always one page.
         */
        DatasetPage: {
            nextCursor: string | null;
            totalCount: number;
            items: components["schemas"]["DatasetInfo"][];
        };
        /**
         * Distribution
         * @description How many trials have how much of a metric: `counts` in even steps from `low` to `high`.
         *
         *         A few freak values at either end must not press all others into one step: those beyond `low` and `high`, at most one
         *         in two hundred each, are `below` and `above`. `quartiles` are the lower one, the median and the upper one.
         */
        Distribution: {
            metric: string;
            low: number | null;
            high: number | null;
            counts: number[];
            below: number;
            above: number;
            min: number | null;
            max: number | null;
            mean: number | null;
            quartiles: [
                number,
                number,
                number
            ] | null;
            positive: number;
            defined: number;
            trials: number;
            total: number;
            resultAttempt: number;
        };
        /**
         * Download
         * @description A download as it stands. `fetched` of about `expected` bars, a regular series to `endTime` or now.
         *
         *         `barTime`: of the newest bar that is here. `retries`: requests that had to be repeated. `notice`: what is worth
         *         knowing, `errorMessage` and `code` why it failed. `datasetId`: what the bars became, the newest version.
         */
        Download: {
            id: string;
            exchange: string;
            exchangeName: string | null;
            symbol: string | null;
            assetName: string | null;
            timeFrame: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            startTime: string;
            endTime: string | null;
            /** @enum {unknown} */
            status: "Cancelled" | "Completed" | "Failed" | "Pending" | "Running";
            phase: ("connecting" | "fetching" | "importing" | "queued" | "waiting") | null;
            fetched: number;
            expected: number | null;
            ratePerSecond: number | null;
            etaSeconds: number | null;
            barTime: string | null;
            retries: number;
            notice: string | null;
            errorMessage: string | null;
            code: ("already_terminal" | "bad_rows" | "broker_unavailable" | "disk_full" | "draining" | "empty_period" | "forbidden_host" | "forbidden_origin" | "invalid_request" | "method_not_allowed" | "money_overflow" | "no_combinations" | "not_found" | "not_supported" | "parameter_out_of_bounds" | "queue_full" | "rate_limited" | "run_not_found" | "store_unavailable" | "strategy_broken" | "too_large" | "too_many_combinations" | "too_many_subscriptions" | "unauthorised" | "unknown_dataset" | "unknown_message" | "unknown_parameter" | "unknown_strategy" | "unsupported_media") | null;
            datasetId: string | null;
            gapCount: number | null;
            cancelRequested: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            submittedAt: string;
            startedAt: string | null;
            completedAt: string | null;
            links: components["schemas"]["DownloadLinks"];
        };
        /**
         * DownloadLinks
         * @description Where to go on; `dataset` once it is there.
         */
        DownloadLinks: {
            self: string;
            cancel: string;
            resume: string;
            dataset: string | null;
        };
        /**
         * DownloadPage
         * @description Every download that is kept; always one page.
         */
        DownloadPage: {
            nextCursor: string | null;
            totalCount: number;
            items: components["schemas"]["Download"][];
        };
        /**
         * DownloadRequest
         * @description One series of one exchange. `symbol` or `assetName` says of what; with both, `assetName` is its name here.
         *
         *         Without `endTime` the bars reach to the newest whole one, and asking again goes on from there. `exchangeName` is
         *         what the exchange is called here, left out: its own name.
         */
        DownloadRequest: {
            /** @description an id of ccxt: `binance`, `kraken`, `coinbaseexchange` */
            exchange: string;
            timeFrame: string;
            /**
             * Format: date-time
             * @description RFC 3339 with a time zone
             */
            startTime: string;
            /**
             * Format: date-time
             * @description RFC 3339 with a time zone
             */
            endTime?: string;
            /** @description As ccxt writes it: `BTC/USDT`; or run together: `BTCUSDT` */
            symbol?: string;
            assetName?: string;
            exchangeName?: string;
        };
        /**
         * EndedRun
         * @description A run at its end; `metrics` of a completed one, of an optimization those of its best trial.
         */
        EndedRun: {
            runKey: string;
            /** @enum {unknown} */
            kind: "backtest" | "optimization";
            attempt: number;
            storeId: string;
            /** @enum {unknown} */
            status: "Cancelled" | "Completed" | "Failed" | "Pending" | "Running";
            strategyName: string;
            strategyVersion: string;
            assetName: string;
            exchange: string;
            timeFrame: string;
            label: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            submittedAt: string;
            startedAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            endedAt: string;
            elapsedMs: number;
            processed: number;
            failed: number;
            skipped: number;
            total: number;
            stopReason: string | null;
            errorMessage: string | null;
            metrics: components["schemas"]["KeyMetrics"] | null;
            links: components["schemas"]["EventLinks"];
        };
        /**
         * Equity
         * @description `points` of `[tsMs, equity, drawdownPct]`, `total` before down-sampling.
         */
        Equity: {
            points: [
                number,
                number,
                number
            ][];
            total: number;
        };
        /**
         * ErrorMessage
         * @description A client's message could not be served; the connection lives.
         */
        ErrorMessage: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "error";
            /** @enum {unknown} */
            code: "already_terminal" | "bad_rows" | "broker_unavailable" | "disk_full" | "draining" | "empty_period" | "forbidden_host" | "forbidden_origin" | "invalid_request" | "method_not_allowed" | "money_overflow" | "no_combinations" | "not_found" | "not_supported" | "parameter_out_of_bounds" | "queue_full" | "rate_limited" | "run_not_found" | "store_unavailable" | "strategy_broken" | "too_large" | "too_many_combinations" | "too_many_subscriptions" | "unauthorised" | "unknown_dataset" | "unknown_message" | "unknown_parameter" | "unknown_strategy" | "unsupported_media";
            title: string;
            detail: string;
            retryable: boolean;
            id?: string | number;
        };
        /**
         * Evaluation
         * @description What an optimization would cost, before it is submitted.
         */
        Evaluation: {
            totalCombinations: number;
            uniqueCombinations: number;
            exact: boolean;
            exceedsMaxCombinations: boolean;
            maxCombinations: number;
            estimatedSeconds: number | null;
            estimatedBytes: number | null;
            reusedTrials: number;
        };
        /**
         * Event
         * @description One thing that happened: `ts` ms since the epoch, `sq` rising from 1, `src` who tells it, `d` in camelCase.
         */
        Event: {
            ts: number;
            sq: number;
            /** @enum {unknown} */
            _t: "bar" | "cash" | "err" | "grp" | "ind" | "ord.cancel" | "ord.fill" | "ord.place" | "ord.reject" | "pos" | "risk" | "run.end" | "run.start" | "sig" | "warn";
            src: string;
            d: Record<string, never>;
        };
        /**
         * EventLinks
         * @description Where to read on: URLs where the server was told its own address (`FORGE_PUBLIC_URL`), else paths on it.
         */
        EventLinks: {
            self: string;
            status: string;
            report: string;
        };
        /**
         * FailureGroup
         * @description Trials that failed with the same message.
         */
        FailureGroup: {
            message: string;
            count: number;
            exampleTrialKey: string;
        };
        /**
         * FieldError
         * @description One field that is wrong: `path` as in `strategyParameters.fastPeriod`, `message` says what would be right.
         */
        FieldError: {
            path: string;
            message: string;
        };
        /**
         * Filters
         * @description Trials that miss one of these bounds are kept, but never lead.
         */
        Filters: {
            minTotalTrades?: number;
            minNetProfit?: number;
            minProfitFactor?: number;
            maxDrawdownPct?: number;
            minSharpeRatio?: number;
            minSortinoRatio?: number;
            minAnnualReturnPct?: number;
        };
        /**
         * Fitness
         * @description Weights of metrics in a trial's fitness.
         */
        Fitness: {
            weights: {
                [key: string]: number;
            };
        };
        /**
         * Gap
         * @description Bars that a regular series would have between two neighbours: the first and last missing one.
         */
        Gap: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            from: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            to: string;
            bars: number;
        };
        /**
         * Health
         * @description The answer of `/health/live` and of a `/health/ready` that is.
         */
        Health: {
            /** @enum {unknown} */
            status: "live" | "ready";
        };
        /**
         * KeepRules
         * @description How much is kept, as the settings of the server say; null keeps all.
         */
        KeepRules: {
            runs: number | null;
            days: number | null;
            eventLogDays: number | null;
            datasetVersions: number | null;
        };
        /**
         * KeyMetrics
         * @description What a list shows of the newest completed attempt; of an optimization its best trial.
         */
        KeyMetrics: {
            netProfit: number | null;
            totalReturnPct: number | null;
            sharpeRatio: number | null;
            maxDrawdownPct: number | null;
            profitFactor: number | null;
            winRatePct: number | null;
            totalTrades: number | null;
        };
        /**
         * Leader
         * @description One of the best trials: `value` is the metric of `sortBy`.
         */
        Leader: {
            trialKey: string;
            parameters: {
                [key: string]: boolean | number | string;
            };
            value: number | null;
        };
        /**
         * LeaderRobustness
         * @description A leading trial beside the trials next to it: how many, the median of their values, and between quartiles.
         */
        LeaderRobustness: {
            trialKey: string;
            value: number | null;
            neighbours: number;
            median: number | null;
            spread: number | null;
        };
        /**
         * Links
         * @description Where to go on from a submission; `websocket` and the others are paths on the same host.
         */
        Links: {
            self: string;
            status: string;
            cancel: string;
            websocket: string;
            report: string;
        };
        /**
         * Marker
         * @description A fill, or the fills of one side within one row: their quantity, their average price; `ts` ms since the epoch.
         *
         *         `effect` is None where the fills of a row differ in it.
         */
        Marker: {
            ts: number;
            /** @enum {unknown} */
            side: "buy" | "sell";
            price: number;
            quantity: number;
            effect: ("entry" | "exit" | "turn") | null;
        };
        /**
         * Metrics
         * @description The figures of one equity curve with its round trips; percentages as 12.5, drawdowns ≤ 0, undefined is None.
         */
        Metrics: {
            netProfit: number;
            openProfit: number;
            grossProfit: number;
            grossLoss: number;
            commissions: number;
            totalReturnPct: number;
            annualReturnPct: number | null;
            annualVolatilityPct: number | null;
            sharpeRatio: number | null;
            sortinoRatio: number | null;
            calmarRatio: number | null;
            maxDrawdown: number;
            maxDrawdownPct: number;
            maxDrawdownBars: number;
            recoveryFactor: number | null;
            totalTrades: number;
            totalFills: number;
            winRatePct: number | null;
            profitFactor: number | null;
            expectancy: number | null;
            averageWin: number | null;
            averageLoss: number | null;
            payoffRatio: number | null;
            exposurePct: number;
            turnover: number;
            longestLosingStreak: number;
            finalEquity: number;
        };
        /**
         * Objective
         * @description One metric to be made as large (`max`) or as small (`min`) as possible.
         */
        Objective: {
            metric: string;
            /** @enum {unknown} */
            direction: "max" | "min";
        };
        /**
         * OptimizationItem
         * @description An optimization in a list.
         */
        OptimizationItem: {
            /** @enum {unknown} */
            kind: "optimization";
            runKey: string;
            attempt: number;
            storeId: string;
            strategyName: string;
            strategyVersion: string;
            assetName: string;
            exchange: string;
            timeFrame: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            startTime: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            endTime: string;
            total: number;
            /** @enum {unknown} */
            unit: "bars" | "combinations";
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            submittedAt: string;
            label: string | null;
            /** @enum {unknown} */
            status: "Cancelled" | "Completed" | "Failed" | "Pending" | "Running";
            phase: ("compiling" | "evaluating" | "queued" | "saving" | "simulating" | "starting") | null;
            mode: ("compiled" | "interpreted") | null;
            processed: number;
            failed: number;
            skipped: number;
            ratePerSecond: number | null;
            barsPerSecond: number | null;
            etaSeconds: number | null;
            elapsedMs: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            updatedAt: string;
            startedAt: string | null;
            cancelRequested: boolean;
            errorMessage: string | null;
            errorStackTrace: string | null;
            rev: components["schemas"]["Revision"];
            queuePosition: number | null;
            resultAttempt: number | null;
            stopReason: string | null;
            axes: {
                [key: string]: components["schemas"]["Axis"];
            };
            best: components["schemas"]["Leader"] | null;
            top: components["schemas"]["Leader"][];
            stagnation: number;
            lastError: string | null;
            reused: number;
            completedCombinations: number;
            failedCombinations: number;
            totalCombinations: number;
            metrics: components["schemas"]["KeyMetrics"] | null;
        };
        /**
         * OptimizationPage
         * @description Optimizations in order.
         */
        OptimizationPage: {
            nextCursor: string | null;
            totalCount: number;
            items: components["schemas"]["OptimizationItem"][];
        };
        /**
         * OptimizationRequest
         * @description A space of parameters; an axis left out is the parameter's default.
         */
        OptimizationRequest: {
            strategyName: string;
            /**
             * Format: date-time
             * @description RFC 3339 with a time zone
             */
            startTime: string;
            /**
             * Format: date-time
             * @description RFC 3339 with a time zone
             */
            endTime: string;
            initialCash: number;
            assetName?: string;
            exchange?: string;
            timeFrame?: string;
            dataSubscriptions?: components["schemas"]["DataSubscription"][];
            /** @default [] */
            cashFlows: ("dividends" | "funding")[];
            strategyVersion?: string;
            commissionPerTrade?: number;
            commission?: components["schemas"]["Commission"];
            /** @default 0 */
            slippageTicks: number;
            /**
             * @default {
             *       "type": "cash"
             *     }
             */
            account: components["schemas"]["Account"];
            /** @default false */
            closeAtEnd: boolean;
            /** @default 0 */
            riskFreeRate: number;
            timeoutSeconds?: number;
            /**
             * @default auto
             * @enum {unknown}
             */
            compile: "auto" | "off";
            /** @default false */
            eventLog: boolean;
            /** @default false */
            force: boolean;
            /**
             * @default normal
             * @enum {unknown}
             */
            priority: "high" | "low" | "normal";
            label?: string;
            axes: {
                [key: string]: components["schemas"]["Axis"];
            };
            /** @default [] */
            conditions: string[];
            /**
             * @default grid
             * @enum {unknown}
             */
            method: "genetic" | "grid" | "nsga2" | "random" | "tpe" | "walkForward";
            budget?: number;
            timeBudgetSeconds?: number;
            /** @default 0 */
            seed: number;
            /** @default fitness */
            sortBy: string;
            /** @default [] */
            objectives: components["schemas"]["Objective"][];
            fitness?: components["schemas"]["Fitness"];
            /** @default {} */
            filters: components["schemas"]["Filters"];
            /** @default {} */
            stopRules: components["schemas"]["StopRules"];
            /** @default 500000 */
            maxCombinations: number;
            trialTimeoutSeconds?: number;
            /** @default 100 */
            keepCurves: number;
            maxParallelism?: number;
            walkForward?: components["schemas"]["WalkForward"];
        };
        /**
         * OptimizationResult
         * @description The result of an optimization; `trials` sorted best first, the first ones only (`trials_total` counts all).
         */
        OptimizationResult: {
            runKey: string;
            attempt: number;
            strategyName: string;
            strategyVersion: string;
            sourceHash: string;
            engineVersion: string;
            /** @enum {unknown} */
            mode: "compiled" | "interpreted";
            settings: Record<string, never>;
            data: components["schemas"]["DataUsed"][];
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            startedAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            completedAt: string;
            durationMs: number;
            simulateMs: number;
            totalBars: number;
            warnings: string[];
            rejectedOrders: number;
            hasEventLog: boolean;
            axes: Record<string, never>;
            method: string;
            seed: number;
            sortBy: string;
            totalCombinations: number;
            completed: number;
            failed: number;
            skipped: number;
            filtered: number;
            reused: number;
            best: components["schemas"]["Leader"] | null;
            failures: components["schemas"]["FailureGroup"][];
            trialsTotal: number;
            paretoFront: string[] | null;
            robustness: components["schemas"]["Robustness"] | null;
            walkForward: components["schemas"]["WalkForwardResult"] | null;
            trials?: components["schemas"]["Trial"][];
        };
        /**
         * OptimizationStatus
         * @description An optimization as it stands; `result` once Completed, with its first trials; `request` as for a backtest.
         */
        OptimizationStatus: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "optimization";
            runKey: string;
            attempt: number;
            storeId: string;
            strategyName: string;
            strategyVersion: string;
            assetName: string;
            exchange: string;
            timeFrame: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            startTime: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            endTime: string;
            total: number;
            /** @enum {unknown} */
            unit: "bars" | "combinations";
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            submittedAt: string;
            label: string | null;
            /** @enum {unknown} */
            status: "Cancelled" | "Completed" | "Failed" | "Pending" | "Running";
            phase: ("compiling" | "evaluating" | "queued" | "saving" | "simulating" | "starting") | null;
            mode: ("compiled" | "interpreted") | null;
            processed: number;
            failed: number;
            skipped: number;
            ratePerSecond: number | null;
            barsPerSecond: number | null;
            etaSeconds: number | null;
            elapsedMs: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            updatedAt: string;
            startedAt: string | null;
            cancelRequested: boolean;
            errorMessage: string | null;
            errorStackTrace: string | null;
            rev: components["schemas"]["Revision"];
            queuePosition: number | null;
            resultAttempt: number | null;
            stopReason: string | null;
            axes: {
                [key: string]: components["schemas"]["Axis"];
            };
            best: components["schemas"]["Leader"] | null;
            top: components["schemas"]["Leader"][];
            stagnation: number;
            lastError: string | null;
            reused: number;
            completedCombinations: number;
            failedCombinations: number;
            totalCombinations: number;
            result: components["schemas"]["OptimizationResult"] | null;
            request?: Record<string, never>;
        };
        /**
         * Order
         * @description One order with what became of it.
         *
         *         `quantity` is None while a share of the equity has not been turned into units; `group` names the orders of which
         *         the first to fill cancels the others; `reason` tells why an order was rejected.
         */
        Order: {
            orderId: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            submittedAt: string;
            assetName: string;
            /** @enum {unknown} */
            side: "buy" | "sell";
            /** @enum {unknown} */
            type: "limit" | "market" | "stop" | "stopLimit";
            quantity: number | null;
            limitPrice: number | null;
            stopPrice: number | null;
            /** @enum {unknown} */
            timeInForce: "DAY" | "GTC" | "IOC";
            group: number | null;
            /** @enum {unknown} */
            status: "Cancelled" | "Expired" | "Filled" | "Pending" | "Rejected";
            reason: string | null;
            fills: components["schemas"]["OrderFill"][];
        };
        /**
         * OrderFill
         * @description One trade of an order; `quantity` > 0, money in quote currency.
         */
        OrderFill: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            time: string;
            price: number;
            quantity: number;
            commission: number;
        };
        /**
         * OrderPage
         * @description Orders in order of submission with their fills, of attempt `result_attempt`.
         */
        OrderPage: {
            nextCursor: string | null;
            totalCount: number;
            items: components["schemas"]["Order"][];
            resultAttempt: number;
        };
        /**
         * ParameterInfo
         * @description One typed parameter; `unit` `quote`: an amount of quote currency. `step` spaces axes, it constrains nothing.
         */
        ParameterInfo: {
            name: string;
            /** @enum {unknown} */
            type: "bool" | "choice" | "float" | "int";
            default: boolean | number | string;
            min: number | null;
            max: number | null;
            step: number | null;
            /** @enum {unknown} */
            unit: "quote" | "raw";
            choices: string[] | null;
            description: string;
        };
        /**
         * Ping
         * @description Asks for a `pong` with the same id.
         */
        Ping: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ping";
            id: string | number;
        };
        /**
         * Pong
         * @description The answer to `ping`.
         */
        Pong: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "pong";
            id: string | number;
        };
        /**
         * Problem
         * @description RFC 9457 problem details with the project's extensions.
         */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            instance: string;
            /** @enum {unknown} */
            code: "already_terminal" | "bad_rows" | "broker_unavailable" | "disk_full" | "draining" | "empty_period" | "forbidden_host" | "forbidden_origin" | "invalid_request" | "method_not_allowed" | "money_overflow" | "no_combinations" | "not_found" | "not_supported" | "parameter_out_of_bounds" | "queue_full" | "rate_limited" | "run_not_found" | "store_unavailable" | "strategy_broken" | "too_large" | "too_many_combinations" | "too_many_subscriptions" | "unauthorised" | "unknown_dataset" | "unknown_message" | "unknown_parameter" | "unknown_strategy" | "unsupported_media";
            error: string;
            errors: components["schemas"]["FieldError"][];
        };
        /**
         * PrunedLog
         * @description An event log that goes; the run it belongs to stays.
         */
        PrunedLog: {
            runKey: string;
            attempt: number;
        };
        /**
         * PrunedRun
         * @description A finished run that goes with all its files.
         */
        PrunedRun: {
            runKey: string;
            /** @enum {unknown} */
            kind: "backtest" | "optimization";
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            endedAt: string;
        };
        /**
         * Pruning
         * @description What is beyond the rules: it goes now, or with `dry_run` would. `datasets` are ids, `bytes` what is freed.
         *
         *         `more`: there is more of it than one answer names.
         */
        Pruning: {
            dryRun: boolean;
            rules: components["schemas"]["KeepRules"];
            runs: components["schemas"]["PrunedRun"][];
            eventLogs: components["schemas"]["PrunedLog"][];
            datasets: string[];
            bytes: number;
            more: boolean;
        };
        /**
         * QueueInfo
         * @description Runs that wait and run now; a submission beyond `limit` waiting runs is refused.
         */
        QueueInfo: {
            length: number;
            running: number;
            limit: number;
        };
        /**
         * Removed
         * @description A run was deleted.
         */
        Removed: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "removed";
            runKey: string;
            rev: components["schemas"]["Revision"];
        };
        /**
         * Revision
         * @description `[generation, seq]`: a later state of a run always compares greater.
         */
        Revision: [
            number,
            number
        ];
        /**
         * Robustness
         * @description What speaks for the leaders being more than lucky.
         *
         *         `deflated_sharpe`: the probability that the best trial's Sharpe ratio is above zero, given that it is the best of
         *         `trials`.
         */
        Robustness: {
            deflatedSharpe: number | null;
            trials: number;
            leaders: components["schemas"]["LeaderRobustness"][];
        };
        /**
         * RoundTrip
         * @description A position from entry to exit; `exit_*` None while open. `profit` is net of commission, in quote currency.
         */
        RoundTrip: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            entryTime: string;
            exitTime: string | null;
            /** @enum {unknown} */
            side: "long" | "short";
            quantity: number;
            entryPrice: number;
            exitPrice: number | null;
            profit: number;
            profitPct: number;
            commission: number;
            bars: number;
            maxAdverse: number;
            maxFavourable: number;
            /** @enum {unknown} */
            exitReason: "endOfData" | "liquidation" | "open" | "signal" | "stopLoss" | "takeProfit";
            assetName: string;
        };
        /**
         * RunEvent
         * @description The body of one webhook; `timestamp`: when it happened. `data` is null for a `ping` alone.
         */
        RunEvent: {
            /** @enum {unknown} */
            type: "ping" | "run.cancelled" | "run.completed" | "run.failed";
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            timestamp: string;
            data: components["schemas"]["EndedRun"] | null;
        };
        /**
         * RunInfo
         * @description `run`: what never changes in an attempt. `parameters` for a backtest, `axes` for an optimization.
         */
        RunInfo: {
            runKey: string;
            /** @enum {unknown} */
            kind: "backtest" | "optimization";
            attempt: number;
            storeId: string;
            strategyName: string;
            strategyVersion: string;
            assetName: string;
            exchange: string;
            timeFrame: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            startTime: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            endTime: string;
            total: number;
            /** @enum {unknown} */
            unit: "bars" | "combinations";
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            submittedAt: string;
            label: string | null;
            parameters?: {
                [key: string]: boolean | number | string;
            };
            axes?: {
                [key: string]: components["schemas"]["Axis"];
            };
        };
        /**
         * RunSnapshot
         * @description A run at one revision: what brokers carry, the store keeps and subscribers are offered.
         */
        RunSnapshot: {
            run: components["schemas"]["RunInfo"];
            state: components["schemas"]["RunState"];
            rev: components["schemas"]["Revision"];
        };
        /**
         * RunState
         * @description `state`: all that can change in a run; the newest one wins. Fields after `error_stack_trace` by kind.
         */
        RunState: {
            /** @enum {unknown} */
            status: "Cancelled" | "Completed" | "Failed" | "Pending" | "Running";
            total: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            updatedAt: string;
            phase: ("compiling" | "evaluating" | "queued" | "saving" | "simulating" | "starting") | null;
            mode: ("compiled" | "interpreted") | null;
            processed: number;
            failed: number;
            skipped: number;
            ratePerSecond: number | null;
            barsPerSecond: number | null;
            etaSeconds: number | null;
            elapsedMs: number;
            startedAt: string | null;
            cancelRequested: boolean;
            errorMessage: string | null;
            errorStackTrace: string | null;
            barTime?: string | null;
            equity?: number | null;
            best?: components["schemas"]["Leader"] | null;
            top?: components["schemas"]["Leader"][];
            stagnation?: number;
            lastError?: string | null;
            reused?: number;
        };
        /**
         * Sample
         * @description Trials as columns, best first by the first of `metrics`; those in which one of these is undefined are left out.
         *
         *         Of more than were asked for it has those that lie evenly through the ranking, the best and the worst among them,
         *         and all that are on the Pareto front. `defined` counts what it was taken from, of `trials` finished ones.
         */
        Sample: {
            metrics: string[];
            parameters: {
                [key: string]: (boolean | number | string)[];
            };
            values: number[][];
            index: number[];
            trialKey: string[];
            onFront: number[];
            defined: number;
            trials: number;
            total: number;
            resultAttempt: number;
        };
        /**
         * Snapshot
         * @description A run as it stands; with `current` (and no `run`, `state`) the client's revision is the newest.
         */
        Snapshot: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "snapshot";
            runKey: string;
            rev: components["schemas"]["Revision"];
            id?: string | number;
            run?: components["schemas"]["RunInfo"];
            state?: components["schemas"]["RunState"];
            final?: boolean;
            current?: boolean;
        };
        /**
         * SocketsInfo
         * @description WebSocket connections open now, with the subscriptions that they hold.
         */
        SocketsInfo: {
            connections: number;
            subscriptions: number;
        };
        /**
         * SourceError
         * @description Why a user's file does not load: `line` is 1-based, 0 when unknown.
         */
        SourceError: {
            file: string;
            line: number;
            message: string;
        };
        /**
         * StitchedMetrics
         * @description Of the metrics those that follow from a stitched curve, with the round trips and fills of all its parts.
         */
        StitchedMetrics: {
            netProfit: number;
            totalReturnPct: number;
            annualReturnPct: number | null;
            annualVolatilityPct: number | null;
            sharpeRatio: number | null;
            sortinoRatio: number | null;
            calmarRatio: number | null;
            maxDrawdown: number;
            maxDrawdownPct: number;
            maxDrawdownBars: number;
            recoveryFactor: number | null;
            totalTrades: number;
            totalFills: number;
            finalEquity: number;
        };
        /**
         * StopRules
         * @description When a search ends before its budget.
         */
        StopRules: {
            noImprovementTrials?: number;
            targetMetric?: number;
        };
        /**
         * StoreInfo
         * @description The store; `id` is the UUID of the home, `detail` says what is wrong when not `up`.
         */
        StoreInfo: {
            up: boolean;
            detail: string | null;
            sizeBytes: number;
            id: string;
        };
        /**
         * StrategyInfo
         * @description A strategy as it can be run; with `error` its file does not load and only `name` and `file` mean anything.
         */
        StrategyInfo: {
            name: string;
            version: string;
            description: string;
            file: string | null;
            sourceHash: string;
            parameters: components["schemas"]["ParameterInfo"][];
            compilable: boolean;
            reason: string | null;
            templates: Record<string, never>;
            error: components["schemas"]["SourceError"] | null;
        };
        /**
         * StrategyPage
         * @description Every strategy, those whose file does not load last; always one page.
         */
        StrategyPage: {
            nextCursor: string | null;
            totalCount: number;
            items: components["schemas"]["StrategyInfo"][];
        };
        /**
         * Submission
         * @description The answer to a submission: 202, or 200 for a dry run.
         */
        Submission: {
            runKey: string;
            /** @enum {unknown} */
            kind: "backtest" | "optimization";
            attempt: number;
            /** @enum {unknown} */
            status: "Cancelled" | "Completed" | "Failed" | "Pending" | "Running";
            isDedup: boolean;
            /** @enum {unknown} */
            dedup: "cached" | "inFlight" | "none";
            queuePosition: number | null;
            links: components["schemas"]["Links"];
            totalBars?: number;
            totalCombinations?: number;
        };
        /**
         * Subscribe
         * @description Follow a run (from `rev` on, at least `attempt`) or a topic: exactly one of `runKey` and `topic`.
         */
        Subscribe: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "subscribe";
            id: string | number;
            runKey?: string;
            /** @enum {unknown} */
            topic?: "datasets" | "downloads" | "runs" | "strategies" | "system";
            rev?: components["schemas"]["Revision"];
            attempt?: number;
        };
        /**
         * Surface
         * @description The grid of a heat map; rows are values of `y`, columns values of `x`.
         *
         *         A cell folds the trials of all other parameters: `values` has what they come to, null while there is none whose
         *         metric is defined, `counts` how many of those there are. Axes of many values are folded into bins: `xValues` has
         *         the first value of each, `xBins` its first and last (null: every value is a column of its own). `trials` of `total`
         *         are finished; `min` and `max` bound `values`.
         */
        Surface: {
            x: string;
            y: string;
            metric: string;
            /** @enum {unknown} */
            fold: "best" | "mean" | "median";
            xValues: (boolean | number | string)[];
            yValues: (boolean | number | string)[];
            xBins: [
                boolean | number | string,
                boolean | number | string
            ][] | null;
            yBins: [
                boolean | number | string,
                boolean | number | string
            ][] | null;
            trials: number;
            total: number;
            min: number | null;
            max: number | null;
            values: (number | null)[][];
            counts: number[][];
            resultAttempt: number;
        };
        /**
         * System
         * @description How the server is; `loop_lag_ms`: how late the event loop woke of late. `draining`: it is about to stop.
         *
         *         `watch`: null when no folder is watched.
         */
        System: {
            version: string;
            engineVersion: string;
            pythonVersion: string;
            uptimeSeconds: number;
            workers: components["schemas"]["WorkersInfo"];
            queue: components["schemas"]["QueueInfo"];
            loopLagMs: number;
            broker: components["schemas"]["BrokerInfo"];
            store: components["schemas"]["StoreInfo"];
            sockets: components["schemas"]["SocketsInfo"];
            draining: boolean;
            watch: components["schemas"]["WatchInfo"] | null;
        };
        /**
         * TopicRun
         * @description One active run in the answer to a topic subscription.
         */
        TopicRun: {
            runKey: string;
            rev: components["schemas"]["Revision"];
            run: components["schemas"]["RunInfo"];
            state: components["schemas"]["RunState"];
            queuePosition: number | null;
            final: boolean;
        };
        /**
         * TopicSnapshot
         * @description The answer to a topic subscription: the active runs for `runs`, empty for the others.
         */
        TopicSnapshot: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "topic";
            id: string | number;
            /** @enum {unknown} */
            topic: "datasets" | "downloads" | "runs" | "strategies" | "system";
            runs: components["schemas"]["TopicRun"][];
        };
        /**
         * TradePage
         * @description Round trips in order of entry, of attempt `result_attempt`.
         */
        TradePage: {
            nextCursor: string | null;
            totalCount: number;
            items: components["schemas"]["RoundTrip"][];
            resultAttempt: number;
        };
        /**
         * Trial
         * @description One set of parameters of an optimization.
         */
        Trial: {
            trialKey: string;
            index: number;
            parameters: {
                [key: string]: boolean | number | string;
            };
            /** @enum {unknown} */
            status: "Completed" | "Failed" | "TimedOut";
            metrics: components["schemas"]["Metrics"] | null;
            fitness: number | null;
            errorMessage: string | null;
            errorStackTrace: string | null;
            durationMs: number;
            reused: boolean;
        };
        /**
         * TrialPage
         * @description Trials in the order asked for, of attempt `result_attempt`.
         */
        TrialPage: {
            nextCursor: string | null;
            totalCount: number;
            items: components["schemas"]["Trial"][];
            resultAttempt: number;
        };
        /**
         * Unsubscribe
         * @description End a subscription.
         */
        Unsubscribe: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "unsubscribe";
            id: string | number;
            runKey?: string;
            /** @enum {unknown} */
            topic?: "datasets" | "downloads" | "runs" | "strategies" | "system";
        };
        /**
         * Unsubscribed
         * @description A subscription ended at the client's wish.
         */
        Unsubscribed: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "unsubscribed";
            id?: string | number;
            runKey?: string;
            /** @enum {unknown} */
            topic?: "datasets" | "downloads" | "runs" | "strategies" | "system";
        };
        /**
         * Update
         * @description All that can change in a run; `t` (monotonic ns) in a benchmark alone.
         */
        Update: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "update";
            runKey: string;
            attempt: number;
            rev: components["schemas"]["Revision"];
            state: components["schemas"]["RunState"];
            final: boolean;
            t?: number;
        };
        /**
         * WalkForward
         * @description Windows in and out of sample.
         */
        WalkForward: {
            windows: number;
            outOfSamplePct: number;
            /** @default false */
            anchored: boolean;
            /** @default sharpeRatio */
            objective: string;
        };
        /**
         * WalkForwardResult
         * @description All windows, and their parts out of sample as one run: `equity` from one into the next, `metrics` of it.
         */
        WalkForwardResult: {
            windows: components["schemas"]["WalkForwardWindow"][];
            efficiency: number | null;
            metrics: components["schemas"]["StitchedMetrics"] | null;
            equity: components["schemas"]["Equity"] | null;
        };
        /**
         * WalkForwardWindow
         * @description What a window chose in sample, and what that came to out of sample; each part from its first to its last instant.
         *
         *         The values are those of the objective. `parameters` is None where no trial could be chosen; `trial_key`, `metrics`
         *         and the value out of sample are those of the backtest out of sample, None where it failed.
         */
        WalkForwardWindow: {
            index: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            inSampleStart: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            inSampleEnd: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            outOfSampleStart: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            outOfSampleEnd: string;
            parameters: {
                [key: string]: boolean | number | string;
            } | null;
            trialKey: string | null;
            inSampleValue: number | null;
            outOfSampleValue: number | null;
            efficiency: number | null;
            metrics: components["schemas"]["Metrics"] | null;
        };
        /**
         * WatchInfo
         * @description The folder whose files are imported by themselves: how many were since the start, the newest 20 that are bad.
         */
        WatchInfo: {
            folder: string;
            imported: number;
            problems: components["schemas"]["WatchedFile"][];
        };
        /**
         * WatchedFile
         * @description A file of the watched folder that could not be imported, why, and when that was found.
         */
        WatchedFile: {
            file: string;
            message: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            at: string;
        };
        /**
         * Welcome
         * @description The first message on `/ws`.
         */
        Welcome: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "welcome";
            protocol: string;
            server: string;
            storeId: string;
            maxSubscriptions: number;
            maxFrameBytes: number;
        };
        /**
         * WorkerTask
         * @description What a worker does: since when, and for how long nothing of it has moved. One that is slow moves; one that is
         *         stuck is silent. `processed` bars or trials of this task alone; `run_key` null for what is part of no run.
         */
        WorkerTask: {
            runKey: string | null;
            /** @enum {unknown} */
            phase: "compiling" | "evaluating" | "queued" | "saving" | "simulating" | "starting";
            processed: number;
            elapsedSeconds: number;
            silentSeconds: number;
        };
        /**
         * WorkersInfo
         * @description Worker processes: how many can compute at once, how many do, how many were replaced since start.
         *
         *         `cluster`: null where they are on the server's own machine.
         */
        WorkersInfo: {
            count: number;
            busy: number;
            restarts: number;
            tasks: components["schemas"]["WorkerTask"][];
            cluster: components["schemas"]["ClusterInfo"] | null;
        };
        AnyStatus: components["schemas"]["BacktestStatus"] | components["schemas"]["OptimizationStatus"];
        ServerMessage: components["schemas"]["Welcome"] | components["schemas"]["Snapshot"] | components["schemas"]["Update"] | components["schemas"]["TopicSnapshot"] | components["schemas"]["Changed"] | components["schemas"]["Removed"] | components["schemas"]["Unsubscribed"] | components["schemas"]["Pong"] | components["schemas"]["ErrorMessage"];
        ClientMessage: components["schemas"]["Subscribe"] | components["schemas"]["Unsubscribe"] | components["schemas"]["Ping"];
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listBacktests: {
        parameters: {
            query?: {
                strategy?: string;
                asset?: string;
                exchange?: string;
                timeFrame?: string;
                /** @description One or more, separated by commas: `Running,Pending` */
                status?: string;
                /** @description RFC 3339 with a time zone, or a day: `2024-01-31` */
                from?: string;
                /** @description RFC 3339 with a time zone, or a day: `2024-01-31` */
                to?: string;
                /** @description Text in key, label or strategy */
                q?: string;
                /** @description A field or metric; a leading `-` sorts falling: `-netProfit` */
                sort?: string;
                /** @description Items on a page */
                limit?: number;
                /** @description The `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacktestPage"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitBacktest: {
        parameters: {
            query?: {
                /** @description Answer what would happen, start nothing */
                dryRun?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BacktestRequest"];
            };
        };
        responses: {
            /** @description A dry run: what a submission would do; nothing is started. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
            /** @description Accepted. */
            202: {
                headers: {
                    /** @description The status of the run */
                    Location?: string;
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
            /** @description Bad Request: `invalid_request`, `not_supported`, `unknown_strategy`, `unknown_parameter`, `parameter_out_of_bounds`, `unknown_dataset`, `empty_period`, `money_overflow`, `strategy_broken` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported_media` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests: `queue_full` */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining`, `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `disk_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelBacktest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run will stop. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancelAnswer"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `already_terminal` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBacktest: {
        parameters: {
            query?: {
                /** @description Trials in `result`: a number, or `all` */
                trials?: string;
            };
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacktestStatus"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteBacktest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBacktestStatus: {
        parameters: {
            query?: {
                /** @description At least this attempt */
                attempt?: number;
                /** @description Trials in `result`: a number, or `all` */
                trials?: string;
            };
            header?: {
                /** @description The `ETag` seen last */
                "If-None-Match"?: string;
                /** @description `wait=20`: wait so many seconds for news */
                Prefer?: string;
            };
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run as it stands. */
            200: {
                headers: {
                    /** @description Names this state */
                    ETag?: string;
                    /** @description Seconds to wait; absent once it is final */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacktestStatus"];
                };
            };
            /** @description Nothing is new. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBacktestEquity: {
        parameters: {
            query?: {
                /** @description At most about so many points; extremes are kept */
                points?: number;
            };
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The curve. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Equity"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBacktestTrades: {
        parameters: {
            query?: {
                /** @description A field or metric; a leading `-` sorts falling: `-netProfit` */
                sort?: string;
                /** @description Items on a page */
                limit?: number;
                /** @description The `nextCursor` of the page before */
                cursor?: string;
            };
            header?: {
                /** @description `application/json` (a page), `text/csv` or `application/vnd.apache.parquet` (all) */
                Accept?: string;
            };
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, or all as CSV or Parquet. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TradePage"];
                    "text/csv": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Bad Request: `invalid_request`, `not_supported` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBacktestOrders: {
        parameters: {
            query?: {
                status?: "Cancelled" | "Expired" | "Filled" | "Pending" | "Rejected";
                side?: "buy" | "sell";
                type?: "limit" | "market" | "stop" | "stopLimit";
                /** @description A field or metric; a leading `-` sorts falling: `-netProfit` */
                sort?: string;
                /** @description Items on a page */
                limit?: number;
                /** @description The `nextCursor` of the page before */
                cursor?: string;
            };
            header?: {
                /** @description `application/json` (a page) or `text/csv` (all) */
                Accept?: string;
            };
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, or all as CSV. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPage"];
                    "text/csv": string;
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found`, `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBacktestBars: {
        parameters: {
            query?: {
                /** @description RFC 3339 with a time zone, or a day: `2024-01-31` */
                from?: string;
                /** @description RFC 3339 with a time zone, or a day: `2024-01-31` */
                to?: string;
                /** @description At most so many rows; extremes are kept */
                points?: number;
                /** @description Which one of several series, 0 the main one */
                series?: number;
                /** @description Some of what the strategy plots, separated by commas: `fast,slow` */
                indicators?: string;
            };
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bars of a series. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bars"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found`, `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBacktestEvents: {
        parameters: {
            query?: {
                /** @description One or more, separated by commas: `ord.fill,pos` */
                types?: string;
                /** @description RFC 3339 with a time zone, or a day: `2024-01-31` */
                from?: string;
                /** @description RFC 3339 with a time zone, or a day: `2024-01-31` */
                to?: string;
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events that match. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found`, `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBacktestReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found`, `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOptimizations: {
        parameters: {
            query?: {
                strategy?: string;
                asset?: string;
                exchange?: string;
                timeFrame?: string;
                /** @description One or more, separated by commas: `Running,Pending` */
                status?: string;
                /** @description RFC 3339 with a time zone, or a day: `2024-01-31` */
                from?: string;
                /** @description RFC 3339 with a time zone, or a day: `2024-01-31` */
                to?: string;
                /** @description Text in key, label or strategy */
                q?: string;
                /** @description A field or metric; a leading `-` sorts falling: `-netProfit` */
                sort?: string;
                /** @description Items on a page */
                limit?: number;
                /** @description The `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptimizationPage"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitOptimization: {
        parameters: {
            query?: {
                /** @description Answer what would happen, start nothing */
                dryRun?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OptimizationRequest"];
            };
        };
        responses: {
            /** @description A dry run: what a submission would do; nothing is started. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
            /** @description Accepted. */
            202: {
                headers: {
                    /** @description The status of the run */
                    Location?: string;
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
            /** @description Bad Request: `invalid_request`, `not_supported`, `unknown_strategy`, `unknown_parameter`, `parameter_out_of_bounds`, `unknown_dataset`, `empty_period`, `money_overflow`, `strategy_broken`, `no_combinations`, `too_many_combinations` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported_media` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests: `queue_full` */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining`, `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `disk_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelOptimization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run will stop. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancelAnswer"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `already_terminal` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluateOptimization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OptimizationRequest"];
            };
        };
        responses: {
            /** @description Combinations, limits, estimated time and memory; nothing is started. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Evaluation"];
                };
            };
            /** @description Bad Request: `invalid_request`, `not_supported`, `unknown_strategy`, `unknown_parameter`, `parameter_out_of_bounds`, `unknown_dataset`, `empty_period`, `money_overflow`, `strategy_broken`, `no_combinations`, `too_many_combinations` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported_media` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining`, `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `disk_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOptimization: {
        parameters: {
            query?: {
                /** @description Trials in `result`: a number, or `all` */
                trials?: string;
            };
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptimizationStatus"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteOptimization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOptimizationStatus: {
        parameters: {
            query?: {
                /** @description At least this attempt */
                attempt?: number;
                /** @description Trials in `result`: a number, or `all` */
                trials?: string;
            };
            header?: {
                /** @description The `ETag` seen last */
                "If-None-Match"?: string;
                /** @description `wait=20`: wait so many seconds for news */
                Prefer?: string;
            };
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run as it stands. */
            200: {
                headers: {
                    /** @description Names this state */
                    ETag?: string;
                    /** @description Seconds to wait; absent once it is final */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptimizationStatus"];
                };
            };
            /** @description Nothing is new. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOptimizationTrials: {
        parameters: {
            query?: {
                /** @description A field or metric; a leading `-` sorts falling: `-netProfit` */
                sort?: string;
                status?: "Completed" | "Failed" | "TimedOut";
                minTotalTrades?: number;
                minNetProfit?: number;
                minProfitFactor?: number;
                maxDrawdownPct?: number;
                minSharpeRatio?: number;
                minSortinoRatio?: number;
                minAnnualReturnPct?: number;
                /** @description Items on a page */
                limit?: number;
                /** @description The `nextCursor` of the page before */
                cursor?: string;
            };
            header?: {
                /** @description `application/json` (a page), `text/csv` or `application/vnd.apache.parquet` (all) */
                Accept?: string;
            };
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, or all as CSV or Parquet. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialPage"];
                    "text/csv": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Bad Request: `invalid_request`, `not_supported` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTrial: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runKey: string;
                trialKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trial. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trial"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found`, `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTrialEquity: {
        parameters: {
            query?: {
                /** @description At most about so many points; extremes are kept */
                points?: number;
            };
            header?: never;
            path: {
                runKey: string;
                trialKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The curve. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Equity"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found`, `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOptimizationSurface: {
        parameters: {
            query: {
                /** @description The parameter of the columns */
                x: string;
                /** @description The parameter of the rows */
                y: string;
                /** @description A metric, or `fitness` */
                metric?: string;
                /** @description What the trials of a cell come to */
                fold?: "best" | "mean" | "median";
                /** @description At most so many columns and rows */
                bins?: number;
                /** @description Only trials of these parameters, as JSON: `{"mode":"long"}` */
                fixed?: string;
            };
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The grid. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Surface"];
                };
            };
            /** @description Bad Request: `invalid_request`, `unknown_parameter`, `parameter_out_of_bounds` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOptimizationSample: {
        parameters: {
            query?: {
                /** @description A metric or `fitness`, or a few, separated by commas */
                metrics?: string;
                /** @description At most so many trials */
                points?: number;
            };
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trials. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sample"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOptimizationDistribution: {
        parameters: {
            query?: {
                /** @description A metric, or `fitness` */
                metric?: string;
                /** @description At most so many steps */
                bins?: number;
            };
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The histogram. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Distribution"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOptimizationReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `run_not_found`, `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listStrategies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StrategyPage"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStrategy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The strategy. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StrategyInfo"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDatasets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every version of every series. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetPage"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importDataset: {
        parameters: {
            query: {
                assetName: string;
                exchange: string;
                /** @description What the rows are */
                kind?: "bars" | "dividends" | "funding";
                /** @description Of bars, which need one; cash flows have none */
                timeFrame?: string;
                /** @description A decimal number greater than 0: `0.00001` */
                tickSize?: string;
                /** @description A decimal number greater than 0: `0.00001` */
                lotSize?: string;
                quote?: string;
                /** @description A decimal number greater than 0: `0.00001` */
                multiplier?: string;
                /** @description Where the file comes from */
                source?: string;
                /** @description Leave bad rows out and count them, unless most are bad */
                quarantine?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One bar a row; columns, named so or as is usual: time, open, high, low, close and (optional) volume. A CSV with a header, Parquet, or Feather (an Arrow file) */
        requestBody: {
            content: {
                "text/csv": string;
                "application/vnd.apache.parquet": string;
                "application/vnd.apache.arrow.file": string;
            };
        };
        responses: {
            /** @description The same content was there already. */
            200: {
                headers: {
                    /** @description The data set */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetInfo"];
                };
            };
            /** @description Imported. */
            201: {
                headers: {
                    /** @description The data set */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetInfo"];
                };
            };
            /** @description Bad Request: `invalid_request`, `not_supported`, `bad_rows` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported_media` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `disk_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The data set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetInfo"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDownloads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those kept, the newest first; always one page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadPage"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitDownload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DownloadRequest"];
            };
        };
        responses: {
            /** @description All of it is here already. */
            200: {
                headers: {
                    /** @description The download */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Download"];
                };
            };
            /** @description It waits or runs. */
            202: {
                headers: {
                    /** @description The download */
                    Location?: string;
                    /** @description Seconds until a look pays */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Download"];
                };
            };
            /** @description Bad Request: `invalid_request`, `not_supported` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported_media` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests: `queue_full` */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `disk_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDownload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Download"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteDownload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelDownload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It stops. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Download"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `already_terminal` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeDownload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it is here already. */
            200: {
                headers: {
                    /** @description The download */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Download"];
                };
            };
            /** @description It waits or runs. */
            202: {
                headers: {
                    /** @description The download */
                    Location?: string;
                    /** @description Seconds until a look pays */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Download"];
                };
            };
            /** @description Bad Request: `invalid_request`, `not_supported` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests: `queue_full` */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `disk_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSystem: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining`, `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus' text format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOwnerMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus' text format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prune: {
        parameters: {
            query?: {
                /** @description Answer what would go, remove nothing */
                dryRun?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is gone, or with `dryRun` would go. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pruning"];
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `store_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `disk_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description HTML that needs no network. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAsyncApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description AsyncAPI 3.0. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebSocketDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description HTML that needs no network. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Bad Request: `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized: `unauthorised` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden: `forbidden_host`, `forbidden_origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runEnded: {
        parameters: {
            query?: never;
            header: {
                /** @description Names the message; the same for each try of it */
                "webhook-id": string;
                /** @description Seconds since the epoch */
                "webhook-timestamp": string;
                /** @description `v1,` and base64 of the HMAC-SHA256 of `{id}.{timestamp}.{body}` */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunEvent"];
            };
        };
        responses: {
            /** @description Taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
