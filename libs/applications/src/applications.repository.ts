import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import type { Application, Trust } from './application';
import { ApplicationEntity } from './application.entity';
import { readSettings, type ApplicationSettings } from './application-settings';
import type { Bot, BotKey } from './bot';
import { ClientSecretEntity } from './client-secret.entity';

interface ApplicationWithBots {
  readonly application: Application;
  readonly bots: readonly Bot[];
}

interface ApplicationRow {
  readonly id: string;
  readonly name: string;
  readonly trust: Trust;
  readonly settings: object;
}

/** JSON has no instants. */
type BotRow = Omit<Bot, 'priorTokenExpiresAt'> & { readonly priorTokenExpiresAt: string | null };

interface JoinedRow extends ApplicationRow {
  readonly bot: BotRow | null;
}

/** One statement for everything that a sign-in has to know. */
const WITH_BOTS = `
  SELECT a.id, a.name, a.trust, a.settings,
         CASE WHEN b.id IS NULL THEN NULL ELSE jsonb_build_object(
           'id', b.id, 'applicationId', b.application_id, 'provider', b.provider, 'environment', b.environment,
           'botId', b.bot_id, 'username', b.username, 'token', b.token,
           'priorToken', b.prior_token, 'priorTokenExpiresAt', b.prior_token_expires_at,
           'oidcClientSecret', b.oidc_client_secret,
           'signaturePolicy', b.signature_policy, 'status', b.status) END AS bot
  FROM applications a LEFT JOIN bots b ON b.application_id = a.id
  WHERE a.id = $1`;

@Injectable()
export class ApplicationsRepository {
  private readonly settings = new LRUCache<string, ApplicationSettings>({ max: 1_000 });

  async insert(tx: EntityManager, application: ApplicationEntity, secret: ClientSecretEntity): Promise<void> {
    await tx.insert(ApplicationEntity, application);
    await tx.insert(ClientSecretEntity, secret);
  }

  async findById(manager: EntityManager, id: string): Promise<Application | null> {
    const found = await firstRow<ApplicationRow>(
      manager,
      'SELECT id, name, trust, settings FROM applications WHERE id = $1',
      [id],
    );
    return found && this.toApplication(found);
  }

  /** The stored settings, locked until the end of the transaction. */
  async lockSettings(tx: EntityManager, id: string): Promise<object | null> {
    const found = await tx.findOne(ApplicationEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return found?.settings ?? null;
  }

  async saveSettings(tx: EntityManager, id: string, settings: object, updatedAt: Date): Promise<void> {
    await tx.update(ApplicationEntity, { id }, { settings, updatedAt });
  }

  async findWithBots(manager: EntityManager, id: string): Promise<ApplicationWithBots | null> {
    const found = await rows<JoinedRow>(manager, WITH_BOTS, [id]);
    const [first] = found;
    if (!first) return null;
    return {
      application: this.toApplication(first),
      bots: found.flatMap(({ bot }) => (bot ? [toBot(bot)] : [])),
    };
  }

  async findAcceptedBots(manager: EntityManager, applicationId: string): Promise<readonly BotKey[]> {
    return rows<BotKey>(
      manager,
      `SELECT provider, environment, bot_id AS "botId" FROM accepted_bots WHERE application_id = $1`,
      [applicationId],
    );
  }

  async findOrigins(
    manager: EntityManager,
  ): Promise<readonly { applicationId: string; origins: readonly string[] }[]> {
    return rows(
      manager,
      `SELECT id AS "applicationId", coalesce(settings -> 'origins', '[]'::jsonb) AS origins FROM applications`,
    );
  }

  /** Settings are validated once for every text that they are stored as. */
  private toApplication({ id, name, trust, settings }: ApplicationRow): Application {
    const text = JSON.stringify(settings);
    let known = this.settings.get(text);
    if (!known) {
      known = readSettings(settings);
      this.settings.set(text, known);
    }
    return { id, name, trust, settings: known };
  }
}

function toBot(row: BotRow): Bot {
  const { priorTokenExpiresAt } = row;
  return { ...row, priorTokenExpiresAt: priorTokenExpiresAt === null ? null : new Date(priorTokenExpiresAt) };
}
