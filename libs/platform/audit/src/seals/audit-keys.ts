import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Not, type EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { KeyRing, open, seal, SealError, type AssociatedData } from '@countersign/crypto';
import { publicAuditKeyOf, type PublicAuditKey } from './audit-block';
import { AuditKeyEntity } from './audit-sealing.entities';
import { introductionIn, originIn, withOrigin, type TrailOrigin } from '../trail/trail-origin';

/** A key that can sign. Safe to print: a `KeyObject` shows nothing of its bytes. */
export interface SigningAuditKey extends PublicAuditKey {
  readonly privateKey: KeyObject;
  /** Null for a key of the previous version. */
  readonly origin: TrailOrigin | null;
  /** The hash of the block that introduces it; null where it introduces itself, and for a key of the previous version. */
  readonly introducedBy: Buffer | null;
}

/** A signing key as it is in the database. */
export type StoredAuditKey = Pick<AuditKeyEntity, 'id' | 'publicKey' | 'privateKey'>;

/** By way of PEM: Node 20 can hang when it exports a key whose generation is being collected. */
const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;

/** The Ed25519 key that signs blocks: for nothing else, its private half sealed under the ring. There is one at a time. */
@Injectable()
export class AuditKeys {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** The keys in the database that the ring has sealed. A key from elsewhere cannot be opened, and is not one. */
  async genuine(manager: EntityManager): Promise<readonly SigningAuditKey[]> {
    return this.openAll(await manager.find(AuditKeyEntity, { order: { createdAt: 'ASC' } }));
  }

  openAll(stored: readonly StoredAuditKey[]): readonly SigningAuditKey[] {
    return stored.flatMap((key) => this.opened(key) ?? []);
  }

  /** Whether the database has a key that the ring has not sealed. */
  async hasForeign(manager: EntityManager): Promise<boolean> {
    const stored = await manager.find(AuditKeyEntity);
    return stored.some((key) => this.opened(key) === null);
  }

  make(): KeyObject {
    const made = generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding });
    return createPrivateKey(made.privateKey);
  }

  /** Stores a new key instead of all others, whose private halves are gone with it. */
  async replace(
    tx: EntityManager,
    made: KeyObject,
    origin: TrailOrigin,
    introducedBy: Buffer | null,
  ): Promise<void> {
    const pem = withOrigin(made.export(privateKeyEncoding).toString(), origin, introducedBy);
    const { keyId: id, publicKey } = signingKeyOf(pem);
    const privateKey = seal(this.keyRing.active('sealing'), aadOf(id), pem);
    await tx.insert(AuditKeyEntity, { id, publicKey, privateKey, createdAt: this.clock.now() });
    await tx.delete(AuditKeyEntity, { id: Not(id) });
  }

  private opened({ id, publicKey, privateKey }: StoredAuditKey): SigningAuditKey | null {
    try {
      const key = signingKeyOf(open((keyId) => this.keyRing.find('sealing', keyId), aadOf(id), privateKey));
      return key.keyId === id && key.publicKey.equals(publicKey) ? key : null;
    } catch (error) {
      if (error instanceof SealError) return null;
      throw error;
    }
  }
}

function signingKeyOf(pem: string): SigningAuditKey {
  const privateKey = createPrivateKey(pem);
  return {
    ...publicAuditKeyOf(privateKey),
    privateKey,
    origin: originIn(pem),
    introducedBy: introductionIn(pem),
  };
}

function aadOf(keyId: string): AssociatedData {
  return { table: 'audit_keys', column: 'private_key', row: keyId };
}
