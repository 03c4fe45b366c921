import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { AppError } from '@countersign/errors';
import { type Keyset, requestError } from '@countersign/http';
import { hasControlCharacter } from '@countersign/text';
import { ApplicationDirectory } from './application-directory';
import type { ApplicationEntity } from './store/application.entity';
import { applicationError } from './application.errors';
import { ApplicationsRepository, type ApplicationFilter } from './store/applications.repository';
import { BotsService } from './bots/bots.service';
import { PresetAdditions, type Made } from './presets/preset-additions';
import { presetNames, signaturePolicyOf, withPresets, type PresetName } from './presets/presets';
import { mergePatch } from './merge-patch';
import { ApplicationSettings } from './settings/application.settings';
import { readSettings, readStoredSettings } from './store/read-settings';

const FIELD = 'settings';

interface StoredSettings {
  readonly presets?: readonly PresetName[];
}

/**
 * Applies a JSON merge patch to stored settings.
 * @throws AppError request.invalid or request.unknown_field, with paths below `settings`
 */
function patchSettings(stored: object, patch: unknown): object {
  if (!isObject(patch))
    throw requestError('request.invalid', {
      fields: [{ path: FIELD, code: 'object', detail: 'must be a JSON object' }],
    });
  const known = Object.keys(new ApplicationSettings());
  const isStored = (name: string): boolean => Object.hasOwn(stored, name);
  // Groups and presets of features that are not in use mean nothing: they stay, and may be removed.
  const unknown = Object.entries(patch).filter(
    ([name, value]) => !known.includes(name) && !(isStored(name) && value === null),
  );
  const merged = mergePatch(stored, patch) as StoredSettings;
  const used = Object.entries(merged).filter(([name]) => known.includes(name));
  const { presets: before = [] } = stored as StoredSettings;
  const presets = merged.presets?.filter((name) => presetNames.includes(name) || !before.includes(name));
  try {
    readSettings({ ...Object.fromEntries([...used, ...unknown]), ...(presets ? { presets } : {}) });
  } catch (error) {
    throw error instanceof AppError ? below(FIELD, error) : error;
  }
  return merged;
}

/** The error with paths as the caller sent them. */
function below(field: string, { code, definition, options }: AppError): AppError {
  const fields = (options.fields ?? []).map((one) => ({
    ...one,
    path: [field, one.path].filter((part) => part !== '').join('.'),
  }));
  return new AppError(code, definition, { ...options, fields });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MAX_NAME_LENGTH = 200;

export interface ApplicationChange {
  readonly name?: string | undefined;
  /** A JSON merge patch. */
  readonly settings?: unknown;
  /** Added before the patch. */
  readonly presets?: readonly PresetName[] | undefined;
}

/** Applications for operators, from the database. */
@Injectable()
export class ApplicationRecords {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsRepository,
    private readonly directory: ApplicationDirectory,
    private readonly bots: BotsService,
    private readonly additions: PresetAdditions,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Newest first; one more than the limit of the page. */
  list(filter: ApplicationFilter, keyset: Keyset): Promise<readonly ApplicationEntity[]> {
    return this.database.read((manager) => this.applications.list(manager, filter, keyset));
  }

  /** @throws AppError application.not_found */
  async get(applicationId: string): Promise<ApplicationEntity> {
    return existing(await this.database.read((manager) => this.applications.find(manager, applicationId)));
  }

  /**
   * @throws AppError application.not_found, application.invalid, request.invalid, request.unknown_field
   */
  async change(
    applicationId: string,
    { name, settings, presets = [] }: ApplicationChange,
  ): Promise<ApplicationEntity & Made> {
    const renamed = name === undefined ? {} : { name: applicationNameOf(name) };
    const changed = await this.database.transaction(async (tx) => {
      const before = existing(await this.applications.lock(tx, applicationId));
      await this.applications.update(tx, applicationId, {
        ...renamed,
        ...(settings === undefined && presets.length === 0
          ? {}
          : { settings: patchSettings(withPresets(before.settings, presets), settings ?? {}) }),
        updatedAt: this.clock.now(),
      });
      await this.record(tx, applicationId, { name, settings, presets });
      const after = existing(await this.applications.find(tx, applicationId));
      if (presets.length > 0)
        await this.bots.setSignaturePolicy(
          tx,
          applicationId,
          signaturePolicyOf(readStoredSettings(after.settings).presets),
        );
      return after;
    });
    this.directory.drop(applicationId);
    return { ...changed, made: await this.additions.make(applicationId, presets) };
  }

  private async record(
    tx: EntityManager,
    applicationId: string,
    { name, settings, presets = [] }: ApplicationChange,
  ): Promise<void> {
    await this.audit.record(tx, 'application.changed', {
      actor: operator(),
      applicationId,
      details: {
        ...(name === undefined ? {} : { name: 'replaced' }),
        ...(settings === undefined ? {} : { settings: Object.keys(settings as object).join(' ') }),
        ...(presets.length === 0 ? {} : { presets: presets.join(' ') }),
      },
      event: { applicationId },
    });
  }
}

/** @throws AppError application.invalid */
export function applicationNameOf(wanted: string): string {
  const name = wanted.trim();
  if (name === '' || name.length > MAX_NAME_LENGTH || hasControlCharacter(name))
    throw applicationError('application.invalid', { detail: 'Give it a name of 1 to 200 characters.' });
  return name;
}

/** @throws AppError application.not_found */
function existing(found: ApplicationEntity | null): ApplicationEntity {
  if (!found) throw applicationError('application.not_found');
  return found;
}
