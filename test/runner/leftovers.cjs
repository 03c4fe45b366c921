const { Socket } = require('node:net');
const { setTimeout: sleep } = require('node:timers/promises');
const { patience } = require('./patience.cjs');

/** Sockets and processes take a moment to end after the call that ends them; a connection to a silent host, longer. */
const GRACE_MS = 15_000;
const STEP_MS = 20;

/** Timers started by the global functions. Node lists only those that keep the process alive. */
const timers = new Set();
for (const name of ['setTimeout', 'setInterval']) {
  const start = globalThis[name];
  const startAndRemember = (...args) => {
    const timer = start(...args);
    timers.add(timer);
    return timer;
  };
  globalThis[name] = Object.defineProperties(startAndRemember, Object.getOwnPropertyDescriptors(start));
}

/**
 * Functions that all files of a worker share and that tests replace.
 * @type {[object, string][]}
 */
const SHARED = [
  ...['fetch', 'WebSocket', 'Date'].map((name) => [globalThis, name]),
  ...[process.stdout, process.stderr].map((stream) => [stream, 'write']),
  ...[Date, performance].map((clock) => [clock, 'now']),
  [Math, 'random'],
  ...['kill', 'hrtime', 'memoryUsage'].map((name) => [process, name]),
];

/** The state of a worker before a test file, to compare with its state afterwards. */
class Leftovers {
  constructor(graceMs = GRACE_MS * patience) {
    this.graceMs = graceMs;
    this.environment = { ...process.env };
    this.folder = process.cwd();
    this.listeners = listenerCounts();
    this.resources = resourceCounts();
    this.functions = SHARED.map(([object, name]) => ({ object, name, value: object[name] }));
    timers.clear();
  }

  /**
   * @param {{ spies: string[], hasFakeTimers: boolean }} mocks what jest's own mocks left
   * @throws Error that names what is left; the environment and the functions are put back before
   */
  async check({ spies, hasFakeTimers }) {
    const left = [
      ...spies.map((name) => `a spy on ${name}`),
      ...(hasFakeTimers ? ['fake timers'] : []),
      ...this.changedEnvironment(),
      ...this.functions.filter(isReplaced).map(({ name }) => `another ${name}`),
      ...(process.cwd() === this.folder ? [] : ['another working directory']),
      ...increased(this.listeners, listenerCounts()).map((name) => `listeners of process "${name}"`),
      ...(await this.openResources()),
    ];
    this.restore();
    if (left.length > 0) throw new Error(`The test file leaves behind: ${left.join(', ')}.`);
  }

  changedEnvironment() {
    const names = new Set([...Object.keys(this.environment), ...Object.keys(process.env)]);
    return [...names]
      .filter((name) => process.env[name] !== this.environment[name])
      .map((name) => `the environment variable ${name}`);
  }

  /** Timers, sockets, servers and processes that keep the worker alive. */
  async openResources() {
    const deadline = performance.now() + this.graceMs;
    let open = this.openNow();
    while (open.length > 0 && performance.now() < deadline) {
      await sleep(STEP_MS, undefined, { ref: false });
      open = this.openNow();
    }
    return open.map((kind) => `an open ${kind}${kind === 'TCPSocketWrap' ? ` of ${socketAddresses()}` : ''}`);
  }

  openNow() {
    const isTimerRunning = [...timers].some((timer) => !timer._destroyed);
    return [...increased(this.resources, resourceCounts()), ...(isTimerRunning ? ['timer'] : [])];
  }

  restore() {
    for (const name of Object.keys(process.env)) if (!(name in this.environment)) delete process.env[name];
    Object.assign(process.env, this.environment);
    process.chdir(this.folder);
    for (const { object, name, value } of this.functions.filter(isReplaced)) object[name] = value;
  }
}

function isReplaced({ object, name, value }) {
  return object[name] !== value;
}

/** Without `exit` and `beforeExit`: libraries register their listeners once, when they are first used. */
function listenerCounts() {
  const names = process.eventNames().filter((name) => name !== 'exit' && name !== 'beforeExit');
  return new Map(names.map((name) => [String(name), process.listenerCount(name)]));
}

/** Both ends of each open socket, to find its owner. */
function socketAddresses() {
  const sockets = process._getActiveHandles().filter((handle) => handle instanceof Socket);
  return sockets
    .map((each) => `${each.localAddress}:${each.localPort} to ${each.remoteAddress}:${each.remotePort}`)
    .join(', ');
}

function resourceCounts() {
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Names whose count has grown. */
function increased(before, now) {
  return [...now].filter(([name, count]) => count > (before.get(name) ?? 0)).map(([name]) => name);
}

module.exports = { Leftovers };
