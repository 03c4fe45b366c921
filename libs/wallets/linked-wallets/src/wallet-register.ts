import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/runtime';
import { createDataKey, KeyRing, rewrapDataKey, unlessSealed, type DataKey } from '@countersign/crypto';
import type { MergePair, LockedUser, ReturnPair } from '@countersign/users';
import {
  addressDigests,
  AddressDigestsRepository,
  type AddressedWallet,
} from './digests/address-digests.repository';
import {
  hasOtherKey,
  openEvidence,
  sealedAddress,
  sealedLabel,
  sealEvidence,
  walletKeyAad,
  type WalletEvidence,
} from './store/wallet-sealing';
import { WalletAddressDigestEntity, WalletEntity } from './store/wallet.entity';
import { walletError } from './wallets.errors';
import { WalletsRepository } from './store/wallets.repository';

/** The limit exists because each connection needs only a key that anyone can create on the spot. */
const MAX_CONNECTED = 50;

interface ProvenAddress extends Pick<WalletEntity, 'provider' | 'environment' | 'chainId'> {
  /** In the form of `ProvenWallet`. */
  readonly address: string;
  readonly evidence: WalletEvidence | null;
}

interface NewWallet extends ProvenAddress {
  readonly identityId: string;
  /** When the signature was last found valid; now by default. */
  readonly checkedAt?: Date;
}

interface NewEmbeddedWallet extends Pick<ProvenAddress, 'provider' | 'environment' | 'address'> {
  /** The custody process uses this id too. */
  readonly walletId: string;
  /** The only application that uses it; `null` for a wallet of the account. */
  readonly applicationId: string | null;
}

type NewRow = Omit<WalletEntity, 'userId' | 'label' | 'walletKey' | 'isPrimary'>;

interface Connection {
  readonly id: string;
  readonly isNew: boolean;
  readonly isNewHere: boolean;
  readonly elsewhere: readonly AddressedWallet[];
}

/** Writes the rows of wallets with their keys and digests. */
@Injectable()
export class WalletRegister {
  constructor(
    private readonly wallets: WalletsRepository,
    private readonly digests: AddressDigestsRepository,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /**
   * Links a wallet. A wallet that the account has connected keeps its id.
   * @returns the connections of other accounts with its address
   */
  async add(tx: EntityManager, owner: LockedUser, made: NewWallet): Promise<readonly AddressedWallet[]> {
    const { identityId, provider, environment, chainId, evidence } = made;
    const linkedAt = this.clock.now();
    const connections = await this.connectionsOf(tx, made);
    const own = connections.find(({ userId }) => userId === owner.userId);
    const id = own?.id ?? uuidv7();
    const linked = {
      ...({ identityId, kind: 'linked', address: null, applicationId: null } as const),
      evidence: evidence && sealEvidence(owner.dataKey, id, evidence),
      checkedAt: made.checkedAt ?? linkedAt,
    };
    if (own) {
      await this.wallets.lockOf(tx, [owner]);
      await tx.update(WalletEntity, { id }, linked);
      await tx.delete(WalletAddressDigestEntity, { walletId: id });
      await this.wallets.completePrimary(tx, owner);
    } else await this.insert(tx, owner, { id, provider, environment, chainId, linkedAt, ...linked });
    return connections.filter(({ userId }) => userId !== owner.userId);
  }

  /**
   * Connects a wallet, or stores the new proof. The wallet stays connected in all earlier applications.
   * @returns `isNewHere` if an application of the evidence is new, and the connections of other accounts
   */
  async connect(tx: EntityManager, owner: LockedUser, made: ProvenAddress): Promise<Connection> {
    const { provider, environment, chainId, address } = made;
    const connections = await this.connectionsOf(tx, made);
    const own = connections.find(({ userId }) => userId === owner.userId);
    const elsewhere = connections.filter(({ userId }) => userId !== owner.userId);
    const [id, checkedAt] = [own?.id ?? uuidv7(), this.clock.now()];
    const former = own ? await tx.findOneBy(WalletEntity, { id }) : null;
    const known = (former && openEvidence(owner.dataKey, id, former.evidence))?.applicationIds ?? [];
    const applicationIds = [...new Set([...known, ...(made.evidence?.applicationIds ?? [])])];
    const evidence = made.evidence && sealEvidence(owner.dataKey, id, { ...made.evidence, applicationIds });
    const proven = { checkedAt, evidence };
    const isNewHere = applicationIds.length > known.length;
    if (own) {
      await tx.update(WalletEntity, { id }, proven);
      return { id, isNew: false, isNewHere, elsewhere };
    }
    if ((await tx.countBy(WalletEntity, { userId: owner.userId, kind: 'connected' })) >= MAX_CONNECTED)
      throw walletError('wallet.limit_reached');
    await this.insertOther(tx, owner, address, {
      ...{ id, kind: 'connected', provider, environment, chainId, linkedAt: checkedAt },
      ...{ applicationId: null, ...proven },
    });
    return { id, isNew: true, isNewHere, elsewhere };
  }

  /** An embedded wallet's key signs what sessions ask for. As an identity, it would sign in, step up and merge. */
  private async connectionsOf(
    tx: EntityManager,
    { provider, environment, chainId, address }: ProvenAddress,
  ): Promise<readonly AddressedWallet[]> {
    const found = await this.digests.find(tx, addressDigests(this.keyRing, provider, address));
    if (found.some(({ kind }) => kind === 'embedded')) throw walletError('wallet.is_embedded');
    return found.filter((wallet) => wallet.environment === environment && wallet.chainId === chainId);
  }

  async addEmbedded(
    tx: EntityManager,
    owner: LockedUser,
    { walletId: id, provider, environment, address, applicationId }: NewEmbeddedWallet,
  ): Promise<void> {
    const linkedAt = this.clock.now();
    await this.insertOther(tx, owner, address, {
      ...{ id, kind: 'embedded', provider, environment, chainId: null, linkedAt },
      ...{ applicationId, evidence: null, checkedAt: linkedAt },
    });
  }

  /** A wallet without an identity stores the address itself. */
  private async insertOther(
    tx: EntityManager,
    owner: LockedUser,
    address: string,
    row: Omit<NewRow, 'identityId' | 'address'>,
  ): Promise<void> {
    const { id: walletId, provider } = row;
    const sealed = sealedAddress.seal(owner.dataKey, walletId, address);
    await this.insert(tx, owner, { ...row, identityId: null, address: sealed });
    const digests = addressDigests(this.keyRing, provider, address).map((one) => ({ ...one, walletId }));
    await this.digests.insert(tx, digests);
  }

  private async insert(tx: EntityManager, owner: LockedUser, row: NewRow): Promise<void> {
    const { wrapped } = createDataKey(owner.dataKey, walletKeyAad(row.id));
    await this.wallets.lockOf(tx, [owner]);
    await this.wallets.insert(tx, owner, { ...row, label: null, walletKey: wrapped });
  }

  /** Deletes the wallet, with its key and the rows of other modules about it. */
  async remove(tx: EntityManager, owner: LockedUser, { id }: WalletEntity): Promise<void> {
    await this.wallets.lockOf(tx, [owner]);
    await tx.delete(WalletEntity, { id, userId: owner.userId });
    await this.wallets.completePrimary(tx, owner);
  }

  /**
   * Gives the loser's wallets, none of which is embedded, to the survivor, whose primary wallet stays. A wallet that
   * both connected stays the survivor's, with the applications of both.
   */
  async moveAll(tx: EntityManager, { survivor, loser }: MergePair): Promise<void> {
    const remaining = await this.wallets.listOf(tx, survivor.userId);
    const hasPrimary = remaining.some(({ isPrimary }) => isPrimary);
    const connected = new Map(remaining.map((wallet) => [connectionOf(wallet, survivor.dataKey), wallet]));
    connected.delete(null);
    for (const wallet of await this.wallets.listOf(tx, loser.userId)) {
      const same = connected.get(connectionOf(wallet, loser.dataKey));
      if (same) await this.join(tx, [same, survivor.dataKey], [wallet, loser.dataKey]);
      else await this.give(tx, wallet, loser.dataKey, survivor, wallet.isPrimary && !hasPrimary);
    }
  }

  private async join(
    tx: EntityManager,
    [{ id, evidence }, dataKey]: readonly [WalletEntity, DataKey],
    [other, otherKey]: readonly [WalletEntity, DataKey],
  ): Promise<void> {
    const [known, added] = [
      openEvidence(dataKey, id, evidence),
      openEvidence(otherKey, other.id, other.evidence),
    ];
    const applicationIds = [...new Set([known, added].flatMap((one) => one?.applicationIds ?? []))];
    const proof = known ?? added;
    if (proof)
      await tx.update(
        WalletEntity,
        { id },
        { evidence: sealEvidence(dataKey, id, { ...proof, applicationIds }) },
      );
    await tx.delete(WalletEntity, { id: other.id });
  }

  /** Gives these wallets back to an account that leaves a merge. */
  async giveBack(
    tx: EntityManager,
    { survivor, returning, identityIds }: ReturnPair,
    primary: { readonly ofReturning: string | null; readonly ofSurvivor: string | null },
    connected: readonly string[],
  ): Promise<void> {
    for (const wallet of await this.wallets.listOf(tx, survivor.userId))
      if (
        wallet.identityId === null
          ? wallet.kind === 'connected' && connected.includes(wallet.id)
          : identityIds.includes(wallet.identityId)
      )
        await this.give(tx, wallet, survivor.dataKey, returning, wallet.id === primary.ofReturning);
    await this.wallets.completePrimary(tx, returning);
    const remaining = await this.wallets.listOf(tx, survivor.userId);
    const former = remaining.find(({ id }) => id === primary.ofSurvivor);
    if (former && !remaining.some(({ isPrimary }) => isPrimary))
      await this.wallets.setPrimary(tx, survivor, former.id);
    await this.wallets.completePrimary(tx, survivor);
  }

  private async give(
    tx: EntityManager,
    { id, walletKey, ...sealed }: WalletEntity,
    from: DataKey,
    to: LockedUser,
    isPrimary: boolean,
  ): Promise<void> {
    const [label, address, evidence] = [
      sealedLabel.open(from, id, sealed.label),
      sealedAddress.open(from, id, sealed.address),
      openEvidence(from, id, sealed.evidence),
    ];
    const aad = walletKeyAad(id);
    const moved = {
      userId: to.userId,
      // A key that cannot be opened stays as it is.
      walletKey: unlessSealed(() => rewrapDataKey([from, aad], [to.dataKey, aad], walletKey)) ?? walletKey,
      label: sealedLabel.seal(to.dataKey, id, label),
      address: sealedAddress.seal(to.dataKey, id, address),
      evidence: evidence && sealEvidence(to.dataKey, id, evidence),
      isPrimary,
    };
    await tx.update(WalletEntity, { id }, moved);
  }

  /** @returns false, and stores nothing, if a TON wallet's key is not the key that it was linked with */
  async prove(
    tx: EntityManager,
    { dataKey }: LockedUser,
    { id, evidence: former }: WalletEntity,
    evidence: WalletEvidence,
  ): Promise<boolean> {
    const known = unlessSealed(() => openEvidence(dataKey, id, former));
    if (hasOtherKey(known, evidence)) return false;
    const sealed = sealEvidence(dataKey, id, evidence);
    await tx.update(WalletEntity, { id }, { checkedAt: this.clock.now(), evidence: sealed });
    return true;
  }
}

/** Identifies a connected wallet's address; `null` for any other wallet. */
function connectionOf(
  { id, kind, provider, environment, chainId, address }: WalletEntity,
  dataKey: DataKey,
): string | null {
  if (kind !== 'connected') return null;
  return [provider, environment, chainId, sealedAddress.open(dataKey, id, address)].join(' ');
}
