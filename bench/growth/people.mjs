import { countersignClient } from '../clients/countersign.mjs';
import { shuffled } from '../report/statistics.mjs';
import { personOf } from '../fills/people-rows.mjs';

/** Sessions that take turns at what only reads, unless more are wanted; the process remembers them. */
const READERS = 1_000;

/** Sessions of which the process has never heard, for checks that find nothing in memory. */
const STRANGERS = 4_000;

/**
 * What is measured. A check is asked for sessions in memory and for others; everything else as in the bench with peers.
 *
 * @typedef {object} Operation
 * @property {string} key
 * @property {string} name
 * @property {boolean} [isAtGateway]
 * @property {boolean} [isInMemory] what it needs of the session is in the memory of the process
 */

/** @type {readonly Operation[]} */
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
  #visitors;
  #present;
  #readers;
  #strangers;
  #holders;
  /** Sessions that returning logins have opened, which may log out. Of those that were there, few could go for long. */
  #opened = [];
  #turns = { visitors: 0, readers: 0, holders: 0 };

  /** `installation`: with what was filled; `isReserved`: who is reserved for something else. */
  constructor(installation, bot, random, isReserved) {
    const { filled } = installation;
    this.#bot = bot;
    this.#client = countersignClient(installation);
    const members = shuffled(filled.members, random).filter(({ userId }) => !isReserved(userId));
    this.#visitors = members.map(({ index, userId }) => ({ user: personOf(index), userId }));
    this.#holders = members.flatMap(({ userId, sessions }) =>
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
    this.widen(READERS);
  }

  /** So many sessions take turns at what only reads. */
  widen(count) {
    this.#readers = this.#present.slice(0, count);
  }

  /** How often an operation can be asked for in one go, at most so often. */
  available(key, wanted) {
    if (key === 'coldCheck') return Math.min(wanted, this.#strangers.length);
    if (key === 'refresh') return Math.min(wanted, this.#holders.length);
    if (key === 'logout') return Math.min(wanted, this.#opened.length);
    return wanted;
  }

  /** The next request in turn. `key`: of an operation. @returns null when no person is left for it */
  next(key) {
    switch (key) {
      case 'firstLogin':
        return this.#client.firstLogin(this.#book(), this.#bot.newUser());
      case 'returningLogin':
        return this.#client.returningLogin(
          this.#book((visitor) => this.#opened.push({ ...visitor })),
          this.#inTurn('visitors', this.#visitors),
        );
      case 'warmCheck':
        return this.#client.gatewayCheck(this.#book(), this.#inTurn('readers', this.#readers));
      case 'coldCheck': {
        const stranger = this.#strangers.pop();
        return stranger ? this.#client.gatewayCheck(this.#book(), stranger) : null;
      }
      case 'introspection':
      case 'readMe':
        return this.#client[key](this.#book(), this.#inTurn('readers', this.#readers));
      case 'refresh':
        return this.#client.refresh(this.#book(), this.#inTurn('holders', this.#holders));
      case 'logout': {
        // The latest: nobody comes back so often that it would have had to end.
        const opened = this.#opened.pop();
        return opened ? this.#client.logout(this.#book(), opened) : null;
      }
      default:
        throw new Error(`there is no operation ${key}`);
    }
  }

  /** A check for every session that takes turns at what only reads, after which the process remembers them all. */
  eachReader() {
    return this.#readers.map((reader) => this.#client.gatewayCheck(this.#book(), reader));
  }

  /** What the client reports of sessions that are opened, changed and ended. */
  #book(onUpdate = () => undefined) {
    return {
      bot: this.#bot,
      join: () => undefined,
      leave: () => undefined,
      update: (member, session) => {
        Object.assign(member, session);
        onUpdate(member);
      },
    };
  }

  #inTurn(name, all) {
    if (all.length === 0) throw new Error(`there are no ${name}`);
    const member = all[this.#turns[name] % all.length];
    this.#turns[name] += 1;
    return member;
  }
}
