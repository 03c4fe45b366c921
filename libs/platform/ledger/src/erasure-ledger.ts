import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Global, Inject, Injectable, Module } from '@nestjs/common';
import { Clock, Configuration, Logger } from '@countersign/runtime';
import { deriveMacKey, equalsConstantTime, KeyRing, macOf, type RingKey } from '@countersign/crypto';
import { FileLedgerStore } from './file-ledger-store';
import { assertApart, type LedgerSettings } from './ledger-separation.repository';
import { LedgerRefusedError, reaching, type LedgerEntry, type LedgerStore } from './ledger-store';
import { PostgresLedgerStore } from './postgres-ledger-store.repository';

const KEY_CONTEXT = 'countersign/erasure-ledger/v1';

/** The fields of an entry that its writer chooses. The ledger adds the others. */
export type LedgerDraft = Pick<LedgerEntry, 'kind'> &
  Partial<Pick<LedgerEntry, 'id' | 'userId' | 'refersTo' | 'keyId'>>;

export interface LedgerNumbers {
  /** The highest number of a verified entry; 0 without an entry. */
  readonly last: number;
  readonly taken: ReadonlySet<number>;
}

export interface LedgerReading {
  /** The entries with a valid MAC, in ascending order for each installation. */
  readonly verified: readonly LedgerEntry[];
  /** Entries without a valid MAC have no effect. */
  readonly unverified: readonly LedgerEntry[];
}

/**
 * Records erasures outside of the database (`ERASURE_LEDGER`), because a restored backup contains erased accounts
 * again. Each entry has ids, an instant, and MACs under index keys of the ring. Each method can throw a
 * `LedgerAwayError`.
 */
@Injectable()
export class ErasureLedger {
  private readonly store: LedgerStore | null;
  private readonly run = randomUUID();

  constructor(
    @Inject(Configuration) private readonly configuration: Configuration,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
    logger: Logger,
  ) {
    this.store = storeOf(configuration, (message) => logger.warn({}, message));
  }

  get isStored(): boolean {
    return this.store !== null;
  }

  /** In production only `countersign migrate` creates the ledger. */
  async prepare(): Promise<void> {
    await assertApart(this.configuration);
    if (this.configuration.nodeEnv !== 'production') await reaching(() => this.store?.create());
  }

  /**
   * A key of the ring counts for an installation unless it has itself signed an entry that retires it.
   * @throws LedgerRefusedError if the first key of the ring is retired
   */
  async read(installation: string, after: number | 'whole'): Promise<LedgerReading> {
    const isWhole = after === 'whole';
    const read = () => this.store?.read(isWhole ? null : installation, isWhole ? 0 : after);
    const entries = (await reaching(read)) ?? [];
    const retirements = entries.filter(({ kind }) => kind === 'retired');
    const counts = (key: RingKey, of: string): boolean =>
      !retirements.some((each) => each.installation === of && each.keyId === key.id && isSigned(each, key));
    const { id } = this.keyRing.active('index');
    const keys = this.keyRing.inUse('index');
    if (!keys.some((key) => key.id === id && counts(key, installation)))
      throw new LedgerRefusedError(
        `The index key ${id}, the first one in ${this.keyRing.source}, is retired in the ledger of erasures: use the present key ring.`,
      );
    const isVerified = (entry: LedgerEntry): boolean =>
      keys.some((key) => isSigned(entry, key) && counts(key, entry.installation));
    const verified = new Set(entries.filter(isVerified));
    return { verified: [...verified], unverified: entries.filter((entry) => !verified.has(entry)) };
  }

  /** Durable. Numbers follow `last`, without taken ones. @returns the last number; null after another write */
  async append(
    installation: string,
    { last, taken }: LedgerNumbers,
    drafts: readonly LedgerDraft[],
  ): Promise<number | null> {
    let number = last;
    const entries = drafts.map((draft) => {
      do number += 1;
      while (taken.has(number));
      return this.sign(installation, number, draft);
    });
    return (await reaching(() => this.store?.append(entries))) ? number : null;
  }

  async signAgain(entries: readonly LedgerEntry[]): Promise<void> {
    const key = this.keyRing.active('index');
    const signed = entries.map((entry) => ({ ...entry, macs: { [key.id]: macOfEntry(entry, key) } }));
    await reaching(() => this.store?.addMacs(signed));
  }

  isSigned(entry: LedgerEntry): boolean {
    return isSigned(entry, this.keyRing.active('index'));
  }

  /** A retirement also has the MAC of the retired key, so that a former ring without the other keys can verify it. */
  private sign(installation: string, number: number, draft: LedgerDraft): LedgerEntry {
    const entry = {
      ...{ id: randomUUID(), userId: null, refersTo: null, keyId: null },
      ...draft,
      ...{ installation, number, run: this.run, at: this.clock.now().toISOString() },
    };
    const active = this.keyRing.active('index');
    const keys = this.keyRing.all('index').filter(({ id }) => id === active.id || id === entry.keyId);
    return { ...entry, macs: Object.fromEntries(keys.map((key) => [key.id, macOfEntry(entry, key)])) };
  }
}

@Global()
@Module({ providers: [ErasureLedger], exports: [ErasureLedger] })
export class LedgerModule {}

/** Creates the ledger, unless it exists. @throws LedgerAwayError */
export async function createLedger(settings: LedgerSettings): Promise<void> {
  await assertApart(settings);
  await reaching(() => storeOf({ ...settings, patience: 1 }, () => undefined)?.create());
}

function storeOf(
  { erasureLedger, patience }: Pick<Configuration, 'erasureLedger' | 'patience'>,
  warn: (message: string) => void,
): LedgerStore | null {
  if (erasureLedger === null) return null;
  return erasureLedger.startsWith('file:')
    ? new FileLedgerStore(fileURLToPath(erasureLedger), warn)
    : new PostgresLedgerStore(erasureLedger, patience);
}

function macOfEntry(entry: LedgerEntry | Omit<LedgerEntry, 'macs'>, key: RingKey): string {
  const { installation, number, id, kind, run, userId, refersTo, keyId, at } = entry;
  const message = JSON.stringify([installation, number, id, kind, run, userId, refersTo, keyId, at]);
  return macOf(deriveMacKey(key, KEY_CONTEXT), Buffer.from(message)).toString('base64url');
}

function isSigned(entry: LedgerEntry, key: RingKey): boolean {
  // An attacker may have written the entry.
  const mac: unknown = (entry.macs as LedgerEntry['macs'] | null)?.[key.id];
  return typeof mac === 'string' && equalsConstantTime(mac, macOfEntry(entry, key));
}
