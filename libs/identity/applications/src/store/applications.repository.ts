import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import { ApplicationEntity, type Application } from './application.entity';
import { botStatuses, type BotKey } from '../bots/bot';
import type { Bot } from '../bots/bot.entity';
import { readStoredSettings } from './read-settings';

/** An application with all data for its requests. Secrets are sealed, or digests. */
export interface KnownApplication {
  readonly application: Application;
  /** The application's own bots, of all providers and in any state. */
  readonly bots: readonly Bot[];
  /** The bots whose Ed25519 proofs it accepts without their tokens. */
  readonly acceptedBots: readonly BotKey[];
  /** SHA-256. */
  readonly clientSecretDigests: readonly Buffer[];
}

type ApplicationRow = Pick<ApplicationEntity, 'id' | 'name' | 'trust' | 'settings'>;

/** JSON has no dates. */
type BotRow = Omit<Bot, 'priorTokenExpiresAt'> & { readonly priorTokenExpiresAt: string | null };

interface KnownRow extends ApplicationRow, Pick<KnownApplication, 'acceptedBots'> {
  readonly bots: readonly BotRow[];
  readonly clientSecretDigests: readonly string[];
}

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
  async findById(manager: EntityManager, id: string): Promise<Application | null> {
    const found = await manager.findOneBy(ApplicationEntity, { id });
    return found && toApplication(found);
  }

  async findKnown(manager: EntityManager, id: string): Promise<KnownApplication | null> {
    const found = await firstRow<KnownRow>(manager, KNOWN, [id]);
    if (!found) return null;
    const { bots, acceptedBots, clientSecretDigests } = found;
    return {
      application: toApplication(found),
      bots: bots.map(toBot),
      acceptedBots,
      clientSecretDigests: clientSecretDigests.map((digest) => Buffer.from(digest, 'base64')),
    };
  }

  async findAll(manager: EntityManager): Promise<readonly Application[]> {
    return (await manager.find(ApplicationEntity)).map(toApplication);
  }

  async findOrigins(manager: EntityManager): Promise<{ id: string; origins: readonly string[] }[]> {
    const statement = `SELECT id, coalesce(settings -> 'origins', '[]'::jsonb) AS origins FROM applications`;
    return rows(manager, statement);
  }
}

function toApplication({ id, name, trust, settings }: ApplicationRow): Application {
  // An unknown value gets the least trust.
  const known = trust === 'first-party' ? trust : 'third-party';
  return { id, name, trust: known, settings: readStoredSettings(settings) };
}

function toBot(row: BotRow): Bot {
  // An unknown status of a later version refuses sign-ins until this replica is replaced.
  const status = botStatuses.includes(row.status) ? row.status : 'disabled';
  const priorTokenExpiresAt = row.priorTokenExpiresAt === null ? null : new Date(row.priorTokenExpiresAt);
  return { ...row, status, priorTokenExpiresAt };
}
