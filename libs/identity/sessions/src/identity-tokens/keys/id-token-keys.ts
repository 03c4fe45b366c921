import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Any, Column, Entity, PrimaryColumn } from 'typeorm';
import { Clock } from '@countersign/runtime';
import { KeyRing, sealedText, type Sealed } from '@countersign/crypto';
import { Database, Secret } from '@countersign/database';
import { IdentityKeys } from './identity-keys';
import type { OpenIdentityKey } from './key-pairs';

const MODULUS_BITS = 2_048;
const sealedPrivateKey = sealedText('openid_keys', 'private_key');

/** An RSA key, which lives as long as a key of identity tokens. */
@Entity('openid_keys')
export class IdTokenKeyEntity {
  /** The id of the key of identity tokens. */
  @PrimaryColumn({ type: 'text' })
  id: string;

  /** PKCS #8 in PEM. */
  @Secret()
  @Column({ type: 'text' })
  privateKey: Sealed;
}

/** For each algorithm, the key that signs comes first. */
export interface IdTokenKeySet {
  /** Another set or another order has another name. */
  readonly name: string;
  readonly keys: readonly IdTokenKey[];
}

interface IdTokenKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
}

/** The keys of ID tokens: each key of identity tokens, and an RSA key that is published, signs and ends with it. */
@Injectable()
export class IdTokenKeys {
  private known: IdTokenKeySet = { name: '', keys: [] };

  constructor(
    private readonly identityKeys: IdentityKeys,
    private readonly database: Database,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  async current(): Promise<IdTokenKeySet> {
    const now = this.clock.now();
    const published = this.identityKeys.peek(now) ?? (await this.identityKeys.open());
    // The latest key whose start has come signs. A key that is only published comes last.
    const ordered = [
      ...published.filter(({ signsFrom }) => signsFrom <= now),
      ...published.filter(({ signsFrom }) => signsFrom > now),
    ];
    const name = ordered.map(({ kid }) => kid).join(' ');
    if (name !== this.known.name) this.known = { name, keys: await this.load(ordered) };
    return this.known;
  }

  private async load(published: readonly OpenIdentityKey[]): Promise<readonly IdTokenKey[]> {
    const ids = published.map(({ kid }) => kid);
    const find = () => this.database.read((manager) => manager.findBy(IdTokenKeyEntity, { id: Any(ids) }));
    const found = await find();
    const missing = ids.filter((id) => !found.some((stored) => stored.id === id));
    const created = await Promise.all(missing.map((id) => this.create(id)));
    if (created.length > 0)
      // Another replica may have been first.
      await this.database.transaction((tx) =>
        tx.createQueryBuilder().insert().into(IdTokenKeyEntity).values(created).orIgnore().execute(),
      );
    const stored = new Map(
      (created.length > 0 ? await find() : found).map((key) => [key.id, key.privateKey]),
    );
    return published.flatMap(({ kid, algorithm, privateKey }) => {
      const sealed = stored.get(kid);
      const own = { kid, alg: algorithm, privateKey };
      if (sealed === undefined) return [own];
      const rsa = createPrivateKey(sealedPrivateKey.open(this.keyRing, kid, sealed));
      return [own, { kid: `${kid}.rs256`, alg: 'RS256', privateKey: rsa }];
    });
  }

  private async create(id: string): Promise<IdTokenKeyEntity> {
    const { privateKey } = await promisify(generateKeyPair)('rsa', {
      modulusLength: MODULUS_BITS,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    return { id, privateKey: sealedPrivateKey.seal(this.keyRing, id, privateKey) };
  }
}

/** RFC 7517. */
export function toJwk(
  { kid, alg, privateKey }: IdTokenKey,
  half: 'private' | 'public',
): Record<string, unknown> {
  const key = half === 'private' ? privateKey : createPublicKey(privateKey);
  return { kid, alg, use: 'sig', ...key.export({ format: 'jwk' }) };
}
