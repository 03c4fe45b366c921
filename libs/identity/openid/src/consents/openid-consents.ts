import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { toResponse } from '@countersign/http';
import type { Principal } from '@countersign/sessions';
import { OpenidConsentResponse } from '../login/login-request.dto';
import { openidError } from '../openid.errors';
import { OpenidRecords } from '../store/openid-records.repository';
import { OpenidConsentEntity, type OpenidClientEntity } from '../store/openid.entities';
import { openidEvents } from '../openid.feature';

@Injectable()
export class OpenidConsents {
  constructor(
    private readonly database: Database,
    private readonly records: OpenidRecords,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** A revoked consent has no scopes. */
  find(userId: string, clientId: string, tx?: EntityManager): Promise<OpenidConsentEntity | null> {
    return this.database.read((manager) => manager.findOneBy(OpenidConsentEntity, { userId, clientId }), tx);
  }

  async list({ userId, applicationId }: Principal): Promise<readonly OpenidConsentResponse[]> {
    const given = await this.database.read((manager) =>
      this.records.consentsOf(manager, userId, applicationId),
    );
    return given.map((each) => toResponse(OpenidConsentResponse, each));
  }

  async give(
    tx: EntityManager,
    { userId, sessionId }: Pick<Principal, 'userId' | 'sessionId'>,
    { id: clientId, applicationId }: OpenidClientEntity,
    scopes: readonly string[],
  ): Promise<void> {
    const before = await this.find(userId, clientId, tx);
    const all = [...new Set([...(before?.scopes ?? []), ...scopes])];
    const subject = before?.subject ?? randomUUID();
    const consent = { userId, clientId, subject, scopes: all, givenAt: this.clock.now() };
    await tx.upsert(OpenidConsentEntity, consent, ['userId', 'clientId']);
    const actor = `session:${sessionId}`;
    const details = { scopes: all.join(' ') };
    await this.audit.record(tx, openidEvents.consented, { actor, applicationId, subject: clientId, details });
  }

  /** The client's tokens for the person become invalid at once. */
  async revoke({ userId, sessionId, applicationId }: Principal, clientId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { affected } = await tx.update(OpenidConsentEntity, { userId, clientId }, { scopes: [] });
      if (affected !== 1) throw openidError('openid.consent_not_found');
      await this.records.deleteOfConsent(tx, userId, clientId);
      const actor = `session:${sessionId}`;
      await this.audit.record(tx, openidEvents.consentRevoked, { actor, applicationId, subject: clientId });
    });
  }
}
