import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import {
  deriveMacKey,
  equalsConstantTime,
  KeyRing,
  lengthPrefixed,
  macOf,
  type RingKey,
} from '@countersign/crypto';
import { Logger } from '@countersign/observability';
import { FileLedgerStore } from './file-ledger-store';
import { assertApart } from './ledger-separation.repository';
import type { LedgerEntry, LedgerStore } from './ledger-store';
import { PostgresLedgerStore } from './postgres-ledger-store.repository';

const KEY_CONTEXT = 'countersign/erasure-ledger/v1';

/** The part of an entry that its writer chooses. The ledger adds the rest. */
export type LedgerDraft = Pick<LedgerEntry, 'kind'> &
  Partial<Pick<LedgerEntry, 'id' | 'userId' | 'refersTo' | 'keyId'>>;

export interface LedgerReading {
  /** The entries of the installation that verify, in ascending order. */
  readonly verified: readonly LedgerEntry[];
  /** Entries without a MAC that counts: they have no effect. */
  readonly unverified: readonly LedgerEntry[];
  /** The highest number, verified or not; 0 without an entry. */
  readonly last: number;
}

/**
 * Records erasures outside of the database (`ERASURE_LEDGER`), because a restored backup contains erased accounts again. Entries hold
 * ids of accounts, instants, and MACs by index keys of the ring. Without the variable nothing is recorded.
 */
@Injectable()
export class ErasureLedger implements OnApplicationShutdown {
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

  /** In production only `countersign migrate` makes the ledger. @throws LedgerRefusedError, LedgerAwayError */
  async prepare(): Promise<void> {
    await assertApart(this.configuration);
    if (this.configuration.nodeEnv !== 'production') await this.store?.create();
  }

  /**
   * Entries above a number. A key of the ring counts unless a key before it has signed an entry that retires it.
   * @param installation `null` for all of them
   * @throws LedgerAwayError
   */
  async read(installation: string | null, after: number): Promise<LedgerReading> {
    const entries: LedgerEntry[] = [];
    if (this.store) for await (const batch of this.store.entries(installation, after)) entries.push(...batch);
    const counting: RingKey[] = [];
    const isVerified = (entry: LedgerEntry): boolean => counting.some((key) => isSignedBy(entry, key));
    for (const key of this.keyRing.inUse('index'))
      if (!entries.some((entry) => entry.kind === 'retired' && entry.keyId === key.id && isVerified(entry)))
        counting.push(key);
    const verified = entries.filter(isVerified);
    const known = new Set(verified);
    return {
      verified,
      unverified: entries.filter((entry) => !known.has(entry)),
      last: entries.reduce((last, { number }) => Math.max(last, number), after),
    };
  }

  /**
   * Writes entries behind the highest one that is known, durably.
   * @returns the number of the last one; null if another process has written meanwhile
   * @throws LedgerAwayError
   */
  async append(installation: string, known: number, drafts: readonly LedgerDraft[]): Promise<number | null> {
    const entries = drafts.map((draft, index) => this.sign(installation, known + 1 + index, draft));
    return (await this.store?.append(entries)) ? known + drafts.length : null;
  }

  /** Adds MACs under the first index key. @throws LedgerAwayError */
  async signAgain(entries: readonly LedgerEntry[]): Promise<void> {
    const key = this.keyRing.active('index');
    await this.store?.addMacs(
      entries.map((entry) => ({ ...entry, macs: { [key.id]: macOfEntry(entry, key) } })),
    );
  }

  isSigned(entry: LedgerEntry): boolean {
    return isSignedBy(entry, this.keyRing.active('index'));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store?.close();
  }

  private sign(installation: string, number: number, draft: LedgerDraft): LedgerEntry {
    const key = this.keyRing.active('index');
    const entry = {
      ...{ id: randomUUID(), userId: null, refersTo: null, keyId: null },
      ...draft,
      ...{ installation, number, run: this.run, at: this.clock.now().toISOString() },
    };
    return { ...entry, macs: { [key.id]: macOfEntry(entry, key) } };
  }
}

/** Makes the ledger, unless it is there. @throws LedgerRefusedError, LedgerAwayError */
export async function createLedger(
  settings: Pick<Configuration, 'erasureLedger' | 'nodeEnv' | 'databaseDirectUrl'>,
): Promise<void> {
  await assertApart(settings);
  const store = storeOf({ ...settings, patience: 1 }, () => undefined);
  try {
    await store?.create();
  } finally {
    await store?.close();
  }
}

/** @param warn gets a sentence about a file whose content is damaged */
function storeOf(
  { erasureLedger, patience }: Pick<Configuration, 'erasureLedger' | 'patience'>,
  warn: (message: string) => void,
): LedgerStore | null {
  if (erasureLedger === null) return null;
  return erasureLedger.startsWith('file:')
    ? new FileLedgerStore(fileURLToPath(erasureLedger), warn)
    : new PostgresLedgerStore(erasureLedger, patience);
}

function macOfEntry(entry: Omit<LedgerEntry, 'macs'>, key: RingKey): string {
  const { installation, number, id, kind, run, userId, refersTo, keyId, at } = entry;
  const fields = [installation, number, id, kind, run, userId, refersTo, keyId, at];
  const message = lengthPrefixed(fields.map((field) => String(field ?? '')));
  return macOf(deriveMacKey(key, KEY_CONTEXT), message).toString('base64url');
}

function isSignedBy(entry: LedgerEntry, key: RingKey): boolean {
  // A stranger may have written the entry.
  const mac: unknown = (entry.macs as LedgerEntry['macs'] | null)?.[key.id];
  return typeof mac === 'string' && equalsConstantTime(mac, macOfEntry(entry, key));
}
