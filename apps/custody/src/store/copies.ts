import { mkdirSync } from 'node:fs';
import { link, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SealedValues, SeenHead } from '@countersign/custody-rules';
import { ownFolder } from '../hardening';

const HEAD = 'journal-head';

/** Files of sealed wallets on another disk than the database. The result of each method survives a power cut. */
export class Copies {
  constructor(private readonly folder: string) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST')
        throw new Error(`the folder of CUSTODY_COPY cannot be made (${code})`, { cause: error });
    }
    ownFolder(folder, 'CUSTODY_COPY', 'closed');
  }

  async readHead(): Promise<SeenHead | null> {
    return (await this.read(HEAD)) as SeenHead | null;
  }

  async replaceHead(head: SeenHead): Promise<void> {
    await rename(await this.write(HEAD, head), this.pathOf(HEAD));
    await this.sync();
  }

  async read(id: string): Promise<SealedValues | null> {
    try {
      return JSON.parse(await readFile(this.pathOf(id), 'utf8')) as SealedValues;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** @returns the copy in the folder: this one, or that of an earlier call whose transaction was not committed */
  async add(id: string, copy: SealedValues): Promise<SealedValues> {
    const temporary = await this.write(id, valuesOf(copy));
    try {
      await link(temporary, this.pathOf(id));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    await rm(temporary);
    await this.sync();
    return (await this.read(id)) ?? copy;
  }

  async replace(copies: readonly (SealedValues & { readonly id: string })[]): Promise<void> {
    for (const copy of copies) await rename(await this.write(copy.id, valuesOf(copy)), this.pathOf(copy.id));
    if (copies.length > 0) await this.sync();
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) await rm(this.pathOf(id), { force: true });
    if (ids.length > 0) await this.sync();
  }

  /** An earlier call may have left this file. */
  private async write(id: string, value: object): Promise<string> {
    const path = join(this.folder, `${id}.tmp`);
    await rm(path, { force: true });
    await writeFile(path, JSON.stringify(value), { flag: 'wx', mode: 0o600, flush: true });
    return path;
  }

  private async sync(): Promise<void> {
    const folder = await open(this.folder);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  private pathOf(id: string): string {
    return join(this.folder, `${id}.json`);
  }
}

function valuesOf({ entropy, keys, state, keyId }: SealedValues): SealedValues {
  return { entropy, keys, state, keyId };
}
