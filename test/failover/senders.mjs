import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { calls } from '../chaos/calls.mjs';
import { describe, insist } from '../chaos/insist.mjs';
import { Traffic } from '../chaos/traffic.mjs';
import { CHAIN_ID } from './chain.mjs';

const PAUSE = [100, 400];
const SETTLE_LIMIT = 120_000;
const POLL = 500;

/**
 * A transfer that a person makes once.
 *
 * @typedef {object} Transfer
 * @property {string} to an address of its own
 * @property {number} amount
 * @property {string} key
 * @property {string | null} sendId once it was acknowledged
 */

/** People with embedded wallets who send coins, one after the other. Each asks again until it is acknowledged. */
export class Senders {
  /** @type {string[]} */
  faults = [];
  traffic = new Traffic();
  #people = [];
  #installation;
  #isPaused = true;
  #running = Promise.resolve();

  /**
   * @param {import('./installation.mjs').Installation} installation
   * @param {object} options
   * @param {number} options.size
   * @param {import('../chaos/random.mjs').Random} options.random
   */
  static async make(installation, { size, random }) {
    const senders = new Senders();
    senders.#installation = installation;
    for (let each = 0; each < size; each += 1)
      senders.#people.push(await senders.#makePerson(random.fork(`sender ${each}`)));
    return senders;
  }

  start() {
    this.#isPaused = false;
    this.#running = Promise.all(this.#people.map((person) => this.#sendUntilPaused(person)));
    this.#running.catch(() => undefined);
  }

  async pause() {
    this.#isPaused = true;
    await this.#running;
  }

  get count() {
    return this.#people.flatMap(({ transfers }) => transfers).length;
  }

  /** Compares with the chain: each transfer is in it once, and no other. @returns {Promise<string[]>} faults */
  async compare() {
    await this.#untilSettled();
    const faults = [];
    const { chain } = this.#installation;
    for (const { address, walletId, transfers } of this.#people) {
      const rows = await this.#installation.query('SELECT id FROM sends WHERE wallet_id = $1', [walletId]);
      const ids = new Set(rows.map(({ id }) => id));
      for (const { to, amount, sendId } of transfers) {
        const received = await chain.balanceOf(to);
        if (received !== BigInt(amount)) faults.push(`a send of ${amount} brought ${received} to ${to}`);
        if (!ids.delete(sendId)) faults.push(`send ${sendId} was acknowledged and is lost`);
      }
      for (const id of ids) faults.push(`send ${id} was made, and no caller got an answer`);
      const sent = await chain.countOf(address);
      if (sent !== transfers.length)
        faults.push(`${address} sent ${sent} transactions for ${transfers.length} transfers`);
    }
    return [...faults, ...this.faults];
  }

  async #untilSettled() {
    const deadline = Date.now() + SETTLE_LIMIT;
    for (;;) {
      const [{ count }] = await this.#installation.query(
        `SELECT count(*)::int AS count FROM sends WHERE state <> 'final'`,
      );
      if (count === 0) return;
      if (Date.now() > deadline) {
        this.faults.push(`${count} sends are not final after ${SETTLE_LIMIT / 1000} s`);
        return;
      }
      await wait(POLL);
    }
  }

  async #makePerson(random) {
    const { replicas, bot, applicationId, chain, limitMs } = this.#installation;
    const setting = { replicas, random, limitMs, traffic: this.traffic };
    const person = { setting, transfers: [], random };
    const { body } = await insist(setting, calls.signIn(applicationId, bot.launchOf(bot.newUser())));
    person.token = body.accessToken;
    const made = await insist(setting, post(person, 'embedded', { chain: 'evm' }));
    if (made.status !== 201 && made.status !== 200)
      throw new Error(`a wallet was answered ${describe(made)}`);
    Object.assign(person, { walletId: made.body.walletId, address: made.body.address });
    await chain.fund(person.address);
    return person;
  }

  async #sendUntilPaused(person) {
    while (!this.#isPaused) {
      const transfer = {
        ...{ to: `0x${randomBytes(20).toString('hex')}`, amount: Math.ceil(person.random.between(0, 1_000)) },
        ...{ key: randomUUID(), sendId: null },
      };
      person.transfers.push(transfer);
      while (transfer.sendId === null) if (!(await this.#ask(person, transfer))) return;
      await wait(person.random.between(...PAUSE));
    }
  }

  /** Once: with its key the act is the same, as long as it can be performed. @returns whether to go on */
  async #ask(person, transfer) {
    const request = { kind: 'coin', to: transfer.to, amount: String(transfer.amount) };
    const wanted = { kind: 'send', chainId: CHAIN_ID, request, key: transfer.key };
    const permitted = await insist(person.setting, post(person, `${person.walletId}/acts`, wanted));
    if (permitted.body?.code === 'wallet.acts_stopped') {
      await this.#installation.release();
      return true;
    }
    if (permitted.status !== 201) return this.#fail(`an act was answered ${describe(permitted)}`);
    const path = `${person.walletId}/acts/${permitted.body.actId}/perform`;
    const [replica] = person.random.shuffled(person.setting.replicas);
    const answer = await replica.api.ask(post(person, path));
    if (!this.traffic.note(replica, answer)) await wait(POLL);
    else if (answer.status === 200) transfer.sendId = answer.body.send.sendId;
    // The wallet has its maximum of open sends: a later block confirms some.
    else if (answer.body?.code === 'send.too_many_open') await wait(POLL);
    // The new leader may lack sends, which this test looks for: an operator lets them go on.
    else if (answer.body?.code === 'wallet.acts_stopped') await this.#installation.release();
    else return this.#fail(`a send was answered ${describe(answer)}`);
    return true;
  }

  #fail(fault) {
    this.faults.push(fault);
    return false;
  }
}

function post({ token }, path, body) {
  return { method: 'POST', path: `/v1/wallets/${path}`, token, body };
}
