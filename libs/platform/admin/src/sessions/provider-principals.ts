import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type AuditedEvent, AuditService } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { insertIfNew } from '@countersign/database';
import { withoutHidden } from '@countersign/text';
import { principalError } from '../admin.errors';
import { PROVIDER, PrincipalEntity, PrincipalTokenEntity } from '../principals/principal.entity';
import { PrincipalsRepository } from '../principals/principals.repository';
import { adminEvents } from '../admin.feature';

const MAX_NAME_LENGTH = 80;

export interface ProviderPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  /** The scopes that the provider gives now; null when the scopes are set at the principals here. */
  readonly scopes: readonly string[] | null;
}

@Injectable()
export class ProviderPrincipals {
  constructor(
    private readonly principals: PrincipalsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Stores the provider's present scopes. Without scopes, sessions end. @returns null for a person without access */
  async authorise(
    tx: EntityManager,
    { issuer, subject, name, scopes }: ProviderPerson,
  ): Promise<PrincipalEntity | null> {
    await this.principals.lockAll(tx);
    const providerSubject = `${issuer} ${subject}`;
    const known = await tx.findOneBy(PrincipalEntity, { providerSubject });
    const sorted = (scopes ?? known?.scopes ?? []).toSorted();
    if (known) await this.follow(tx, known, sorted);
    if (sorted.length === 0) return null;
    if (!known) return this.create(tx, providerSubject, name, sorted);
    return known.status === 'active' ? { ...known, scopes: sorted } : null;
  }

  private async follow(
    tx: EntityManager,
    { id, scopes: before }: PrincipalEntity,
    scopes: string[],
  ): Promise<void> {
    if (isDeepStrictEqual(before.toSorted(), scopes)) return;
    await tx.update(PrincipalEntity, { id }, { scopes, updatedAt: this.clock.now() });
    if (scopes.length === 0) await tx.delete(PrincipalTokenEntity, { principalId: id });
    await this.record(tx, adminEvents.principalChanged, id, { fields: 'scopes', scopes: scopes.join(' ') });
  }

  private async create(
    tx: EntityManager,
    providerSubject: string,
    name: string,
    scopes: string[],
  ): Promise<PrincipalEntity> {
    const now = this.clock.now();
    const id = uuidv7();
    const principal: PrincipalEntity = {
      id,
      name: await this.freeName(tx, name, id),
      status: 'active',
      scopes,
      providerSubject,
      createdBy: PROVIDER,
      createdAt: now,
      updatedAt: now,
    };
    if (!(await insertIfNew(tx, PrincipalEntity, principal, 'id')))
      throw principalError('principal.name_taken');
    await this.record(tx, adminEvents.principalCreated, id, { scopes: scopes.join(' ') });
    return principal;
  }

  /** Names have letters, digits, spaces, `.`, `_`, `@` and `-`. A person whose name is taken gets another one. */
  private async freeName(tx: EntityManager, name: string, id: string): Promise<string> {
    const allowed = [...withoutHidden(name).replaceAll(/[^\p{L}\p{N} ._@-]+/gu, '-')]
      .slice(0, MAX_NAME_LENGTH)
      .join('')
      .replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    const wanted = allowed || 'person';
    return (await tx.existsBy(PrincipalEntity, { name: wanted })) ? `${wanted} ${id.slice(-8)}` : wanted;
  }

  private async record(
    tx: EntityManager,
    event: AuditedEvent,
    subject: string,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.audit.record(tx, event, { actor: 'system', subject, details: { ...details, by: PROVIDER } });
  }
}
