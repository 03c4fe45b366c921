import { createHash } from 'node:crypto';

/** Of all blocks: the recorded ones come again and again, and none may be older than its parent. */
const ONE_TIME = '0x69200000';
/** As many hexadecimal digits as all heights of the chain have. */
const FIRST_NUMBER = 0x1000000;

/**
 * A chain of recorded blocks, one after another and again from the start, with numbers and hashes of its own. Transactions
 * are others too, since none can be on a chain twice.
 */
export class RepeatedChain {
  #templates;

  constructor(recorded) {
    this.#templates = recorded.map(({ block, receipts }) => ({
      block: new Template(block, block),
      receipts: new Template(receipts, block),
    }));
  }

  get firstNumber() {
    return FIRST_NUMBER;
  }

  block(number) {
    return this.#filled(number, 'block');
  }

  receipts(number) {
    return this.#filled(number, 'receipts');
  }

  header(number) {
    const header = JSON.parse(this.block(number).toString());
    return { ...header, transactions: [] };
  }

  #filled(number, part) {
    if (number < FIRST_NUMBER) return null;
    const template = this.#templates[(number - FIRST_NUMBER) % this.#templates.length][part];
    const [text, hash, parentHash] = [hexOf(number), hashOf(number), hashOf(number - 1)];
    return template.fill({ number: text, hash, parentHash, ending: text.slice(2) });
  }
}

/** JSON whose number and hashes are replaced where they stand: all have the same length. */
class Template {
  #bytes;
  #positions = [];

  constructor(answer, { number, hash, parentHash, transactions }) {
    const blanks = {
      number: '0x_______',
      hash: `0x${'h'.repeat(64)}`,
      parentHash: `0x${'p'.repeat(64)}`,
      // Of the hash of a transaction.
      ending: '_ending',
    };
    const numbered = JSON.stringify(answer, (name, value) =>
      (name === 'number' || name === 'blockNumber') && value === number
        ? blanks.number
        : name === 'timestamp' || name === 'blockTimestamp'
          ? ONE_TIME
          : value,
    );
    let text = numbered.replaceAll(parentHash, blanks.parentHash).replaceAll(hash, blanks.hash);
    for (const one of transactions) text = text.replaceAll(one.hash, one.hash.slice(0, -7) + blanks.ending);
    this.#bytes = Buffer.from(text);
    for (const [name, blank] of Object.entries(blanks)) {
      for (let at = text.indexOf(blank); at !== -1; at = text.indexOf(blank, at + 1))
        this.#positions.push([name, at]);
    }
  }

  fill(values) {
    const filled = Buffer.from(this.#bytes);
    for (const [name, at] of this.#positions) filled.write(values[name], at, 'latin1');
    return filled;
  }
}

function hexOf(number) {
  return `0x${number.toString(16)}`;
}

function hashOf(number) {
  return `0x${createHash('sha256').update(`block ${number}`).digest('hex')}`;
}
