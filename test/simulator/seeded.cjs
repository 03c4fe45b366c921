const crypto = require('node:crypto');
const { syncBuiltinESMExports } = require('node:module');
const timers = require('node:timers/promises');

/** Milliseconds of the simulated clock; null before a history begins. */
let simulated = null;

/** `Date` of libraries: it reads the simulated clock. `performance` and timers stay real. */
function setTime(milliseconds) {
  simulated = milliseconds;
}

let isHurriedNow = false;
const { setTimeout: wait } = timers;
timers.setTimeout = (milliseconds, ...rest) => wait(isHurriedNow ? 1 : milliseconds, ...rest);

/** Pauses of the product are short. */
function setHurried(isHurried) {
  isHurriedNow = isHurried;
}

const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parameters, newTarget) =>
    parameters.length === 0 && simulated !== null
      ? new RealDate(simulated)
      : Reflect.construct(target, parameters, newTarget === globalThis.Date ? target : newTarget),
  get: (target, key) => (key === 'now' ? () => simulated ?? RealDate.now() : Reflect.get(target, key)),
});

// Some libraries compare constructors.
RealDate.prototype.constructor = globalThis.Date;

let stream;

/** Replaces what `node:crypto` draws. Key pairs and signatures stay random: traces compare no bytes. */
function seedRandomness(seed) {
  const key = crypto.createHash('sha256').update(`simulator ${seed}`).digest();
  const isReplaced = stream !== undefined;
  stream = crypto.createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  if (isReplaced) return;
  const draw = (size) => stream.update(Buffer.alloc(size));
  const fill = (target, offset = 0, size) => {
    const bytes = Buffer.from(target.buffer ?? target, target.byteOffset ?? 0, target.byteLength);
    draw(size ?? bytes.length - offset).copy(bytes, offset);
    return target;
  };
  const answered = (value, callback) => {
    if (typeof callback !== 'function') return value;
    process.nextTick(callback, null, value);
    return undefined;
  };
  const draws = {
    randomBytes: (size, callback) => answered(draw(size), callback),
    randomFillSync: fill,
    randomFill: (target, ...rest) => answered(fill(target), rest.at(-1)),
    randomInt: (first, second, third) => {
      const [least, most] = typeof second === 'number' ? [first, second] : [0, first];
      const callback = typeof second === 'number' ? third : second;
      return answered(least + Number(draw(8).readBigUInt64BE() % BigInt(most - least)), callback);
    },
    randomUUID: () => {
      const bytes = draw(16);
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
  Object.assign(crypto, draws);
  for (const [owner, name, value] of [
    [crypto.webcrypto, 'getRandomValues', fill],
    [crypto.webcrypto, 'randomUUID', draws.randomUUID],
  ])
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  syncBuiltinESMExports();
}

module.exports = { seedRandomness, setHurried, setTime };
