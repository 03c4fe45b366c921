import { countersignClient } from '../clients/countersign.mjs';
import { shuffled } from '../report/statistics.mjs';
import { personOf } from '../fills/people-rows.mjs';

/** Sessions that take turns at what only reads, unless more are wanted; which the process caches. */
const READERS = 1_000;

/** Sessions that the process has not read yet, for checks that find nothing in memory. */
const STRANGERS = 4_000;

/**
 * As in the suite, but a check is asked for sessions in the memory of the process and for others; `isInMemory`: the session
 * has to be.
 */
export const operations = [
  { key: 'firstLogin', name: 'first login' },
  { key: 'returningLogin', name: 'returning login' },
  { key: 'warmCheck', name: 'gateway check, session in memory', isAtGateway: true, isInMemory: true },
  { key: 'coldCheck', name: 'gateway check, session not in memory', isAtGateway: true },
  { key: 'introspection', name: 'introspection', isInMemory: true },
  { key: 'readMe', name: 'GET /v1/me', isInMemory: true },
  { key: 'refresh', name: 'refresh' },
  { key: 'logout', name: 'logout' },
];

/**
 * People who were there before the service started, from everywhere in its tables, with their sessions, which take turns; each
 * session either only reads or changes.
 */
export class People {
  #client;
  #bot;
  /** Visitors return, holders refresh, readers only read. */
  #groups;
  #present;
  #strangers;
  /** Sessions that returning logins have opened, which may log out: of those that were there, few could for long. */
  #opened = [];
  #turns = {};

  constructor(installation, bot, random, isReserved) {
    const { filled } = installation;
    this.#bot = bot;
    this.#client = countersignClient(installation);
    const members = shuffled(filled.members, random).filter(({ userId }) => !isReserved(userId));
    const visitors = members.map(({ index, userId }) => ({ user: personOf(index), userId }));
    const holders = members.flatMap(({ userId, sessions }) =>
      sessions.filter(({ kind }) => kind === 'resting').map((session) => ({ userId, ...session })),
    );
    const present = shuffled(filled.present, random)
      // Sessions of a bot's token alone are not shown the profile.
      .filter(({ userId, assurance }) => assurance === 'platform' && !isReserved(userId))
      .map((session) => ({ user: personOf(session.index), ...session }));
    /** How many can be asked for once. */
    this.strangers = Math.min(STRANGERS, Math.floor(present.length / 2));
    this.#strangers = present.slice(0, this.strangers);
    this.#present = present.slice(this.strangers);
    this.#groups = { visitors, holders };
    this.widen(READERS);
  }

  /** So many sessions take turns at reads. */
  widen(count) {
    this.#groups.readers = this.#present.slice(0, count);
  }

  /** How often an operation can be asked for in one go, at most so often. */
  available(key, wanted) {
    if (key === 'coldCheck') return Math.min(wanted, this.#strangers.length);
    if (key === 'refresh') return Math.min(wanted, this.#groups.holders.length);
    if (key === 'logout') return Math.min(wanted, this.#opened.length);
    return wanted;
  }

  /** The next request in turn. @returns null when no session is left for it */
  next(key) {
    const ask = (operation, who, onUpdate) =>
      who ? this.#client[operation](this.#crowd(onUpdate), who) : null;
    switch (key) {
      case 'firstLogin':
        return ask(key, this.#bot.newUser());
      case 'returningLogin':
        return ask(key, this.#inTurn('visitors'), (visitor) => this.#opened.push({ ...visitor }));
      case 'warmCheck':
        return ask('gatewayCheck', this.#inTurn('readers'));
      case 'coldCheck':
        return ask('gatewayCheck', this.#strangers.pop());
      case 'refresh':
        return ask(key, this.#inTurn('holders'));
      case 'logout':
        // The latest: it has not been evicted yet.
        return ask(key, this.#opened.pop());
      default:
        return ask(key, this.#inTurn('readers'));
    }
  }

  /** A check for every session of a reader, after which the process has cached them all. */
  eachReader() {
    return this.#groups.readers.map((reader) => this.#client.gatewayCheck(this.#crowd(), reader));
  }

  /** Receives the sessions that are opened, changed and ended. */
  #crowd(onUpdate = () => undefined) {
    const update = (member, session) => void onUpdate(Object.assign(member, session));
    return { bot: this.#bot, join: () => undefined, leave: () => undefined, update };
  }

  #inTurn(name) {
    const all = this.#groups[name];
    if (all.length === 0) throw new Error(`there are no ${name}`);
    this.#turns[name] = ((this.#turns[name] ?? -1) + 1) % all.length;
    return all[this.#turns[name]];
  }
}
