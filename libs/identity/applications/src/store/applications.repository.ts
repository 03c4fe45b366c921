import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EntityManager } from 'typeorm';
import { firstRow, rows, newestOf } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { Application, Trust } from '../application';
import { ApplicationEntity } from './application.entity';
import { botStatuses, isOneOf, type BotKey } from '../bots/bot';
import type { Bot } from '../bots/bot.entity';
import { ClientSecretEntity } from '../secrets/client-secret.entity';
import { given } from './list-filter';
import type { ApplicationSettings } from '../settings/application.settings';
import { readStoredSettings } from './read-settings';

/** An application with all data that its requests depend on. Secrets are sealed, or digests. */
export interface KnownApplication {
  readonly application: Application;
  /** Its own, of all providers and in any state. */
  readonly bots: readonly Bot[];
  /** Those whose Ed25519 proofs it accepts without knowing their tokens. */
  readonly acceptedBots: readonly BotKey[];
  /** SHA-256. */
  readonly clientSecretDigests: readonly Buffer[];
}

export interface ApplicationFilter {
  readonly trust?: Trust | undefined;
}

interface ApplicationRow {
  readonly id: string;
  readonly name: string;
  readonly trust: Trust;
  readonly settings: object;
}

/** JSON has no instants. */
type BotRow = Omit<Bot, 'priorTokenExpiresAt'> & { readonly priorTokenExpiresAt: string | null };

interface KnownRow extends ApplicationRow, Pick<KnownApplication, 'acceptedBots'> {
  readonly bots: readonly BotRow[];
  readonly clientSecretDigests: readonly string[];
}

/** One statement for all that a request needs of an application. */
const KNOWN = `
  SELECT a.id, a.name, a.trust, a.settings,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
       'id', b.id, 'applicationId', b.application_id, 'provider', b.provider, 'environment', b.environment,
       'botId', b.bot_id, 'username', b.username, 'miniAppName', b.mini_app_name,
       'token', b.token,
       'priorToken', b.prior_token, 'priorTokenExpiresAt', b.prior_token_expires_at,
       'oidcClientSecret', b.oidc_client_secret,
       'signaturePolicy', b.signature_policy, 'status', b.status)), '[]'::jsonb)
     FROM bots b WHERE b.application_id = a.id) AS bots,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
       'provider', provider, 'environment', environment, 'botId', bot_id)), '[]'::jsonb)
     FROM accepted_bots WHERE application_id = a.id) AS "acceptedBots",
    (SELECT coalesce(jsonb_agg(encode(digest, 'base64')), '[]'::jsonb)
     FROM client_secrets WHERE application_id = a.id) AS "clientSecretDigests"
  FROM applications a WHERE a.id = $1`;

@Injectable()
export class ApplicationsRepository {
  private readonly settings = new LRUCache<string, ApplicationSettings>({ max: 1_000 });

  async insert(tx: EntityManager, application: ApplicationEntity, secret: ClientSecretEntity): Promise<void> {
    await tx.insert(ApplicationEntity, application);
    await tx.insert(ClientSecretEntity, secret);
  }

  async findById(manager: EntityManager, id: string): Promise<Application | null> {
    const found = await manager.findOneBy(ApplicationEntity, { id });
    return found && this.toApplication(found);
  }

  /** As it is stored. */
  async find(manager: EntityManager, id: string): Promise<ApplicationEntity | null> {
    return manager.findOneBy(ApplicationEntity, { id });
  }

  /** As it is stored, locked until the end of the transaction. */
  async lock(tx: EntityManager, id: string): Promise<ApplicationEntity | null> {
    return tx.findOne(ApplicationEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async update(tx: EntityManager, id: string, columns: Partial<ApplicationEntity>): Promise<void> {
    await tx.update(ApplicationEntity, { id }, columns);
  }

  /** Newest first; one more than the limit. */
  async list(
    manager: EntityManager,
    filter: ApplicationFilter,
    keyset: Keyset,
  ): Promise<readonly ApplicationEntity[]> {
    return manager.find(ApplicationEntity, newestOf(keyset, given(filter, ['trust'])));
  }

  async findKnown(manager: EntityManager, id: string): Promise<KnownApplication | null> {
    const found = await firstRow<KnownRow>(manager, KNOWN, [id]);
    if (!found) return null;
    const { bots, acceptedBots, clientSecretDigests } = found;
    return {
      application: this.toApplication(found),
      bots: bots.map((bot) => toBot(bot)),
      acceptedBots,
      clientSecretDigests: clientSecretDigests.map((digest) => Buffer.from(digest, 'base64')),
    };
  }

  async findAll(manager: EntityManager): Promise<readonly Application[]> {
    return (await manager.find(ApplicationEntity)).map((found) => this.toApplication(found));
  }

  async findOrigins(
    manager: EntityManager,
  ): Promise<readonly { applicationId: string; origins: readonly string[] }[]> {
    return rows(
      manager,
      `SELECT id AS "applicationId", coalesce(settings -> 'origins', '[]'::jsonb) AS origins FROM applications`,
    );
  }

  /** Settings are validated once per stored text. */
  private toApplication({ id, name, trust, settings }: ApplicationRow): Application {
    const text = JSON.stringify(settings);
    let known = this.settings.get(text);
    if (!known) {
      known = readStoredSettings(settings);
      this.settings.set(text, known);
    }
    // An unknown value gets the least trust.
    return { id, name, trust: trust === 'first-party' ? trust : 'third-party', settings: known };
  }
}

function toBot(row: BotRow): Bot {
  const { priorTokenExpiresAt } = row;
  // An unknown status of a later version refuses sign-ins until this replica is replaced.
  const status = isOneOf(botStatuses, row.status) ? row.status : 'disabled';
  return {
    ...row,
    status,
    priorTokenExpiresAt: priorTokenExpiresAt === null ? null : new Date(priorTokenExpiresAt),
  };
}
