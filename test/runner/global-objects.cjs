/** jest puts these on the global object for each file. */
const OF_JEST = [
  ...['describe', 'fdescribe', 'xdescribe', 'it', 'fit', 'xit', 'test', 'xtest', 'expect'],
  ...['beforeAll', 'beforeEach', 'afterAll', 'afterEach', 'console', 'process.exit'],
];

/** Libraries of jest replace these once, when they are first used. */
const OF_LIBRARIES = ['process.chdir', 'process.cwd', 'process.emit'];

/** Libraries set these when they are first used, whichever file that is: tslib, reflect-metadata, stores of decorators. */
const SET_BY_LIBRARIES = /^(__\w+|\w+Storage|Reflect\.\w+)$/;

const NOT_COMPARED = new Set([...OF_JEST, ...OF_LIBRARIES]);

const TYPES = [
  Object,
  Function,
  Array,
  String,
  Number,
  Date,
  Error,
  Map,
  Set,
  Promise,
  RegExp,
  globalThis.Buffer,
  globalThis.URL,
];

/** Objects that all test files of a worker share, by the text before the name of a property. */
const SHARED = new Map([
  ['', globalThis],
  ['process.', process],
  ['process.stdout.', process.stdout],
  ['process.stderr.', process.stderr],
  ['performance.', performance],
  ['Math.', Math],
  ['JSON.', JSON],
  ['Reflect.', Reflect],
  ...TYPES.map((type) => [`${type.name}.`, type]),
  ...TYPES.map((type) => [`${type.name}.prototype.`, type.prototype]),
]);

/** The properties of shared objects before a test file, to compare and to put back afterwards. */
class GlobalObjects {
  constructor() {
    this.properties = new Map([...SHARED].map(([path, object]) => [path, propertiesOf(object)]));
    this.matchers = new Set(matchers());
    this.umask = process.umask();
  }

  /** Names of what the file added, replaced or removed. */
  changes() {
    return [
      ...this.changedProperties().map(({ path, name }) => `${path}${name}`),
      ...matchers()
        .filter((name) => this.matchers.size > 0 && !this.matchers.has(name))
        .map((name) => `expect.${name}`),
      ...(process.umask() === this.umask ? [] : ['process.umask']),
    ];
  }

  restore() {
    for (const { path, name, before } of this.changedProperties())
      if (before) Object.defineProperty(SHARED.get(path), name, before);
      else delete SHARED.get(path)[name];
    process.umask(this.umask);
  }

  changedProperties() {
    return [...SHARED].flatMap(([path, object]) => {
      const before = this.properties.get(path);
      const now = propertiesOf(object);
      return [...new Set([...Object.keys(before), ...Object.keys(now)])]
        .filter((name) => isCompared(`${path}${name}`) && isChanged(before[name], now[name]))
        .map((name) => ({ path, name, before: before[name] }));
    });
  }
}

function isCompared(path) {
  return !NOT_COMPARED.has(path) && !SET_BY_LIBRARIES.test(path);
}

/** Functions and accessors; of the global object also variables. */
function propertiesOf(object) {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(object));
  const counted = properties.filter(
    ([, { value, get }]) => get || typeof value === 'function' || object === globalThis,
  );
  return Object.fromEntries(counted);
}

/** Node replaces some accessors of its own by their value when they are first read. */
function isChanged(before, now) {
  if (!before || !now) return true;
  return before.get ? now.get !== before.get && now.get !== undefined : !Object.is(before.value, now.value);
}

/** Names of the matchers of `expect`, which jest keeps beside the modules once a file has used them. */
function matchers() {
  return Object.keys(globalThis[Symbol.for('$$jest-matchers-object')]?.matchers ?? {});
}

module.exports = { GlobalObjects };
