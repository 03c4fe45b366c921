const { AsyncLocalStorage } = require('node:async_hooks');
const { setFlagsFromString } = require('node:v8');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const { Leftovers } = require('./leftovers.cjs');

/**
 * Most code of a test runs a few times only: V8 of Node 20 is to optimize it later (67,584 by default). 25 integration files took
 * 50 s of CPU time instead of 56; with three times as much, 60. Later versions have another flag.
 */
if (Number.parseInt(process.versions.v8) < 12) setFlagsFromString('--interrupt-budget=1500000');

/** Node 20 calls three hooks for each promise from the first use of an AsyncLocalStorage on: not beyond the file that uses it. */
const storages = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
  storages.add(this);
  return run.apply(this, args);
};

/** Disables every AsyncLocalStorage that was used. Its next `run` enables it again. */
function disableStorages() {
  for (const storage of storages) storage.disable();
  storages.clear();
}

/** What jest-circus keeps beside the modules, for a realm of one file: handlers of events, limits, retries. */
const OF_ONE_FILE = [
  'EVENT_HANDLERS',
  'JEST_STATE_SYMBOL',
  'TEST_TIMEOUT_SYMBOL',
  'RETRY_TIMES',
  'LOG_ERRORS_BEFORE_RETRY',
  'WAIT_BEFORE_RETRY',
  'RETRY_IMMEDIATELY',
];

function forgetLastFile() {
  for (const symbol of Object.getOwnPropertySymbols(globalThis))
    if (OF_ONE_FILE.includes(symbol.description)) delete globalThis[symbol];
}

/** Remembers every spy, to find those that a test file did not restore. */
class RememberingMocker extends ModuleMocker {
  spied = [];

  spyOn(object, name, ...access) {
    this.spied.push({ object, name });
    return super.spyOn(object, name, ...access);
  }

  /** Names of the methods and accessors whose spies were not restored. */
  leftSpies() {
    const isSpy = ({ object, name }) => {
      const { value, get, set } = Object.getOwnPropertyDescriptor(object, name) ?? {};
      return [value, get, set].some((each) => this.isMockFunction(each));
    };
    return this.spied.filter(isSpy).map(({ name }) => String(name));
  }
}

/**
 * Runs a test file in the realm of its worker, where modules are kept (see `runtime.cjs`). A file whose tests pass
 * fails when it leaves something behind, since that would reach the next file.
 */
module.exports = class WorkerEnvironment {
  constructor({ projectConfig }) {
    this.global = globalThis;
    this.moduleMocker = new RememberingMocker(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    this.setTimeout = globalThis.setTimeout;
    // jest replaces both for each file.
    this.console = globalThis.console;
    this.exit = process.exit;
  }

  async setup() {
    // jest sets 100, which costs 8 % of the CPU time of these tests (seven files, 41.5 and 38.2 s).
    Error.stackTraceLimit = 20;
    forgetLastFile();
    this.leftovers = new Leftovers();
  }

  handleTestEvent({ name, test }) {
    if (name === 'test_done') this.hasFailed ||= test.errors.length > 0;
    if (name === 'run_finish')
      this.mocks = {
        spies: this.moduleMocker.leftSpies(),
        hasFakeTimers: globalThis.setTimeout !== this.setTimeout,
      };
  }

  async teardown() {
    this.moduleMocker.restoreAllMocks();
    this.fakeTimersModern.dispose();
    globalThis.console = this.console;
    process.exit = this.exit;
    disableStorages();
    // A file with a failed test, or one that could not be loaded, has its own error.
    if (this.mocks && !this.hasFailed) await this.leftovers.check(this.mocks);
    else this.leftovers?.restore();
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return globalThis;
  }
};
