import { Injectable } from '@nestjs/common';
import { AuditService } from '@countersign/audit';
import { ContractSignatures, TonAccounts } from '@countersign/chains';
import { HOUR } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { AppError } from '@countersign/errors';
import { Recurring } from '@countersign/jobs';
import { IdentityFields, UsersService, type ProvenTonKey } from '@countersign/users';
import { addressOfSubject, type ContractSignatureRefusal } from '@countersign/wallet-proofs';
import { WalletRecords } from './wallet-records';
import { openEvidence, sealEvidence, type WalletEvidence } from './store/wallet-sealing';
import type { WalletEntity } from './store/wallet.entity';
import { WalletsRepository, type CheckPosition } from './store/wallets.repository';

const CHECKED_EVERY_HOURS = 6;
const BATCH = 100;
/** Refusals that show that the signature no longer holds. */
const shown: ReadonlySet<ContractSignatureRefusal> = new Set([
  'no_contract',
  'not_deployed_by_factory',
  'contract_refuses',
]);

/** A wallet as it was proven, and the chain that is asked. */
interface Question {
  readonly chainId: string;
  readonly address: string;
  readonly evidence: WalletEvidence;
}

interface Finding {
  readonly holds: boolean;
  /** Of a wallet of TON: the other key that its contract names. Later proofs and checks compare with it. */
  readonly rotatedTo?: WalletEvidence;
}

/**
 * Asks contract wallets again whether they accept the signature that they were proven with, and wallets of TON for their
 * key: both change.
 */
@Injectable()
@Recurring({ name: 'wallet-checks', cron: '33 * * * *', everyMinutes: 60 })
export class WalletChecks {
  constructor(
    private readonly database: Database,
    private readonly wallets: WalletsRepository,
    private readonly users: UsersService,
    private readonly fields: IdentityFields,
    private readonly contracts: ContractSignatures,
    private readonly ton: TonAccounts,
    private readonly records: WalletRecords,
    private readonly audit: AuditService,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Wallets of chains whose nodes are away, or not configured, wait for a later run.
   * @returns how many were checked
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const now = await this.clock.now();
    const before = new Date(now.getTime() - CHECKED_EVERY_HOURS * HOUR);
    const away = new Set<string>();
    let checked = 0;
    for (let last: CheckPosition | null = null; ;) {
      const after: CheckPosition | null = last;
      const due: readonly WalletEntity[] = await this.database.read((manager) =>
        this.wallets.listDue(manager, { before, after, limit: BATCH }),
      );
      for (const wallet of due) {
        const chainId = chainOf(wallet);
        if (away.has(chainId)) continue;
        if (await this.check(wallet, chainId, now)) checked += 1;
        else away.add(chainId);
      }
      last = due.at(-1) ?? null;
      if (due.length < BATCH) return checked;
    }
  }

  /** @returns false when no node answers */
  private async check(wallet: WalletEntity, chainId: string, now: Date): Promise<boolean> {
    if (!this.contracts.canAsk(chainId) && !this.ton.canAsk(chainId)) return false;
    const question = await this.questionOf(wallet, chainId);
    if (!question) return true;
    let finding: Finding | null;
    try {
      finding = await this.find(question);
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
    if (finding) await this.store(wallet, finding, now);
    return true;
  }

  /** Null for a wallet that is gone by now. */
  private async questionOf(
    { id, userId, identityId, evidence: sealed }: WalletEntity,
    chainId: string,
  ): Promise<Question | null> {
    return this.database.read(async (manager) => {
      const current = await this.wallets.find(manager, id);
      if (current?.userId !== userId || current.evidence !== sealed) return null;
      const dataKey = await this.users.getDataKey(userId, manager);
      const evidence = openEvidence(dataKey, id, sealed);
      const [identity] =
        identityId === null
          ? []
          : await this.fields.open(manager, { userId, dataKey, identityId }, ['subject']);
      const subject = identity?.fields.subject;
      return evidence && subject ? { chainId, address: addressOfSubject(subject), evidence } : null;
    });
  }

  /** Null where the answers show nothing, as those of nodes that disagree: the next run asks again. */
  private async find({ chainId, address, evidence }: Question): Promise<Finding | null> {
    const { check, ton } = evidence;
    if (ton?.key) return this.findKey({ chainId, address, evidence }, ton, ton.key);
    if (!check) return null;
    const { messageHash: hash, signature } = check;
    const verdict = await this.contracts.verify({ chainId, address, hash, signature });
    return verdict.refusal === null || shown.has(verdict.refusal) ? { holds: verdict.isValid } : null;
  }

  private async findKey(
    { chainId, address, evidence }: Question,
    ton: NonNullable<WalletEvidence['ton']>,
    key: ProvenTonKey,
  ): Promise<Finding | null> {
    const account = await this.ton.account(chainId, address);
    if (!account) return null;
    if (!account.isDeployed) return key.isDeployed ? null : { holds: true };
    if (!account.publicKey) return null;
    const publicKey = account.publicKey.toString('hex');
    if (publicKey === key.publicKey) return { holds: true };
    return {
      holds: false,
      rotatedTo: { ...evidence, ton: { ...ton, key: { publicKey, isDeployed: true } } },
    };
  }

  private async store(
    { id, userId, evidence }: WalletEntity,
    { holds, rotatedTo }: Finding,
    now: Date,
  ): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      if (!(await this.users.lockIfThere(tx, userId))) return;
      await this.wallets.lockOf(tx, [userId]);
      const wallet = await this.wallets.find(tx, id);
      // It went away, or was proven again: then another signature counts.
      if (wallet?.userId !== userId || wallet.evidence !== evidence) return;
      const present = rotatedTo
        ? { evidence: sealEvidence(await this.users.getDataKey(userId, tx), id, rotatedTo) }
        : {};
      // Another replica may have found that it does not hold, at another block: that stays.
      const change = holds ? {} : { ownersChangedAt: now };
      await this.wallets.setChecked(tx, id, { checkedAt: now, ...change, ...present });
      if (!holds) await this.records.record(tx, wallet, { change: 'owners_changed', actor: 'system' });
    });
  }
}

/** The chain that knows who controls the wallet: for a wallet of TON the network of its environment. */
function chainOf({ chainId, environment }: WalletEntity): string {
  return chainId ?? (environment === 'test' ? 'ton:-3' : 'ton:-239');
}
