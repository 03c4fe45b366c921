import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { AuditAction } from '../audit-actions';
import { extensionPoint } from '@countersign/extensions';

/** A row that grants rights. */
export interface CodedRow {
  readonly id: string;
  /** Whether it, and what belongs to it, has the code of this service. */
  readonly isGenuine: boolean;
  readonly createdAt: Date;
}

/** Rows that carry a code of this service, from a module that imports this one. */
export interface CodedRows {
  /** What the trail has for each row, with its id as the subject. */
  readonly actions: { readonly created: AuditAction; readonly removed: AuditAction };
  /** All of them. */
  list(manager: EntityManager): Promise<readonly CodedRow[]>;
  /** What they are, as in details of `audit.adopted`: `principals`. */
  readonly name: string;
  /** Gives codes to the rows of the previous version. Called once in the life of an installation. @returns how many */
  adopt(tx: EntityManager): Promise<number>;
}

/** Registers a `CodedRows`. */
export const HasCodedRows = extensionPoint<CodedRows>();

/** The rows with codes of all modules. */
@Injectable()
export class AdoptedRows {
  private readonly coded;

  constructor(discovery: DiscoveryService) {
    this.coded = HasCodedRows.in(discovery);
  }

  /** @returns how many rows of each kind got a code */
  async adopt(tx: EntityManager): Promise<Readonly<Record<string, string>>> {
    const counts: Record<string, string> = {};
    for (const rows of this.sources) counts[rows.name] = String(await rows.adopt(tx));
    return counts;
  }

  get sources(): readonly CodedRows[] {
    return this.coded.all;
  }
}
