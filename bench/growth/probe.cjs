'use strict';
// Loaded before the service, by --require. Writes a line for each run of a job and each round of a background task.
const { AsyncLocalStorage } = require('node:async_hooks');
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');

const libs = join(__dirname, '../../dist/libs/platform');
const file = process.env.BENCH_PROBE_FILE;
const running = new AsyncLocalStorage();

async function measured(task, work) {
  const run = { task, at: Date.now(), statements: 0, statementMs: 0 };
  const startedAt = performance.now();
  try {
    return await running.run(run, work);
  } finally {
    appendFileSync(file, `${JSON.stringify({ ...run, ms: performance.now() - startedAt })}\n`);
  }
}

const { RecurringJobs } = require(join(libs, 'database/src/jobs/recurring-job.js'));
const { get } = Object.getOwnPropertyDescriptor(RecurringJobs.prototype, 'all');
Object.defineProperty(RecurringJobs.prototype, 'all', {
  get() {
    return get.call(this).map((job) => ({ ...job, run: () => measured(job.name, () => job.run()) }));
  },
});

const { SideTasks } = require(join(libs, 'runtime/src/observability/side-tasks.js'));
const { attempt } = SideTasks.prototype;
// Each round of a loop is an attempt, and each poll of the queue one of `jobs`, with the run of a job in it.
SideTasks.prototype.attempt = function (task, work, ...rest) {
  return attempt.call(this, task, task === 'jobs' ? work : () => measured(task, work), ...rest);
};

const { Client } = require('pg');
const { query } = Client.prototype;
Client.prototype.query = function (...parameters) {
  const run = running.getStore();
  const answer = query.apply(this, parameters);
  if (run && typeof answer?.then === 'function') {
    const startedAt = performance.now();
    const end = () => {
      run.statements += 1;
      run.statementMs += performance.now() - startedAt;
    };
    answer.then(end, end);
  }
  return answer;
};
