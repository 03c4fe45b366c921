import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/clock';
import { fieldBlindIndexes, KeyRing, type BlindIndex } from '@countersign/crypto';
import { extensionPoint } from '@countersign/extensions';
import { unlessUnreadable } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { openDataKey } from '../store/data-keys';
import { openField } from '../store/profile-sealing';
import type { IdentityKey } from '../user';
import { markKinds, type IdentityMarkEntity, type MarkKind } from './identity-mark.entity';
import { IdentityMarksRepository, type FoundMark, type SealedOwnIdentity } from './identity-marks.repository';

/** The key of an identity, without the application. */
type MarkedIdentity = Omit<IdentityKey, 'applicationId'>;

/** What a feature wants to know of the identities of an account after they have left it. */
export interface WantedMark {
  readonly applicationId: string;
  /** The application or the team. */
  readonly aboutId: string;
  /** Of a removal: the newest invitation that it refuses. */
  readonly upToId: string | null;
  readonly at: Date;
  readonly endsAt: Date;
}

type WantedOfKind = WantedMark & { readonly kind: MarkKind };

/** A feature that remembers identities. */
export interface MarkSource {
  readonly kind: MarkKind;
  /** The caller has locked the user. */
  marksOf(tx: EntityManager, userId: string): Promise<readonly WantedMark[]>;
}

/** Whom a feature asks about. */
interface MarkQuery {
  readonly applicationId: string;
  readonly aboutId: string;
  readonly identity: MarkedIdentity;
}

/** Registers a provider that remembers identities which have left their account. */
export const RemembersIdentities = extensionPoint<MarkSource>();

/**
 * Remembers that identities were counted once, or removed, when they leave their account: by unlinking, detachment or
 * erasure. While they are at the account, its own rows say so. Identities of one account share what each brought from an
 * earlier one: one person has them.
 */
@Injectable()
export class IdentityMarks {
  private readonly sources;

  constructor(
    private readonly repository: IdentityMarksRepository,
    discovery: DiscoveryService,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.sources = RemembersIdentities.in(discovery);
  }

  /**
   * Before identities leave their account. The caller has locked the user. An identity that cannot be opened leaves none.
   * @param identityId only this one; `null` for all
   */
  async leave(tx: EntityManager, userId: string, identityId: string | null): Promise<void> {
    const wanted = await this.wantedOf(tx, userId);
    const sealed = await this.repository.identitiesOf(tx, userId);
    if (wanted.length === 0 && sealed.length < 2) return;
    const own: { readonly id: string; readonly identity: MarkedIdentity }[] = [];
    for (const one of sealed) {
      const identity = await this.open(userId, one);
      if (identity) own.push({ id: one.id, identity });
    }
    const leaving = own.filter(({ id }) => identityId === null || id === identityId);
    const shared = await this.sharedBy(
      tx,
      own.map(({ identity }) => identity),
    );
    const marks = [
      ...leaving.flatMap(({ identity }) => wanted.flatMap((mark) => this.marksOf(mark, identity))),
      ...own.flatMap(({ identity }) => shared.flatMap((mark) => this.marksOf(mark, identity))),
    ];
    if (marks.length > 0) await this.repository.insert(tx, marks);
  }

  /** What the rows of the account say. */
  private async wantedOf(tx: EntityManager, userId: string): Promise<readonly WantedOfKind[]> {
    const wanted: WantedOfKind[] = [];
    for (const source of this.sources.all)
      for (const mark of await source.marksOf(tx, userId)) wanted.push({ ...mark, kind: source.kind });
    return wanted;
  }

  /**
   * What identities of one account brought from earlier ones. As long as they are together, one tells of all; then each has
   * to.
   */
  private async sharedBy(
    tx: EntityManager,
    identities: readonly MarkedIdentity[],
  ): Promise<readonly WantedOfKind[]> {
    if (identities.length < 2) return [];
    const byDigest = new Map<string, { readonly kind: MarkKind; readonly applicationId: string }>();
    const digests: BlindIndex[] = [];
    for (const applicationId of await this.repository.applicationIds(tx))
      for (const kind of markKinds)
        for (const identity of identities)
          for (const digest of this.digestsOf(kind, applicationId, identity)) {
            digests.push(digest);
            byDigest.set(nameOfDigest(digest), { kind, applicationId });
          }
    const shared = new Map<string, WantedOfKind>();
    for (const mark of await this.repository.findAll(tx, digests, this.clock.now())) {
      const { aboutId, upToId, at, endsAt } = mark;
      const source = byDigest.get(nameOfDigest(mark));
      if (source)
        shared.set(`${source.kind} ${aboutId} ${at.getTime()}`, { ...source, aboutId, upToId, at, endsAt });
    }
    return [...shared.values()];
  }

  /** @returns the latest mark, for each, in order; `null` without one */
  async find(
    manager: EntityManager,
    kind: MarkKind,
    queries: readonly MarkQuery[],
  ): Promise<readonly (FoundMark | null)[]> {
    if (queries.length === 0) return [];
    const wanted = queries.map(({ applicationId, aboutId, identity }) => ({
      aboutId,
      digests: this.digestsOf(kind, applicationId, identity),
    }));
    const found = await this.repository.find(
      manager,
      wanted.flatMap(({ aboutId, digests }) => digests.map((digest) => ({ ...digest, aboutId }))),
      this.clock.now(),
    );
    return wanted.map(({ aboutId, digests }) => {
      const own = found.filter(
        (mark) =>
          mark.aboutId === aboutId &&
          digests.some(({ keyId, digest }) => keyId === mark.keyId && digest.equals(mark.digest)),
      );
      return own.reduce<FoundMark | null>(
        (latest, mark) => (latest && latest.at > mark.at ? latest : mark),
        null,
      );
    });
  }

  private marksOf(
    { kind, applicationId, aboutId, upToId, at, endsAt }: WantedOfKind,
    identity: MarkedIdentity,
  ): readonly IdentityMarkEntity[] {
    const markId = uuidv7();
    return this.digestsOf(kind, applicationId, identity).map((digest) => ({
      ...digest,
      markId,
      kind,
      aboutId,
      upToId,
      at,
      endsAt,
    }));
  }

  /** The parts have no `/`, but for the subject, which is the last. */
  private digestsOf(
    kind: MarkKind,
    applicationId: string,
    { provider, environment, subject }: MarkedIdentity,
  ): readonly BlindIndex[] {
    const value = [applicationId, provider, environment, subject].join('/');
    return fieldBlindIndexes(this.keyRing, `identity_marks.${kind}`, value);
  }

  private async open(
    userId: string,
    { id, provider, environment, subject, dataKey }: SealedOwnIdentity,
  ): Promise<MarkedIdentity | null> {
    return unlessUnreadable(this.logger, { work: 'identity_marks', row: id }, () => ({
      provider,
      environment,
      subject: openField(openDataKey(this.keyRing, userId, dataKey), id, 'subject', subject),
    }));
  }
}

function nameOfDigest({ keyId, digest }: Pick<BlindIndex, 'keyId' | 'digest'>): string {
  return `${keyId}:${digest.toString('hex')}`;
}
