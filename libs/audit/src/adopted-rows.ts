import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';

/** Rows that carry a code of this service, from a module that imports this one. */
export interface CodedRows {
  /** What they are, as in details of `audit.adopted`: `principals`. */
  readonly name: string;
  /** Gives codes to the rows of the version before. Called once in the life of an installation. @returns how many */
  adopt(tx: EntityManager): Promise<number>;
}

const Source = DiscoveryService.createDecorator<true>();

/** Registers a `CodedRows`. */
export function HasCodedRows(): (provider: new (...parts: never[]) => CodedRows) => void {
  return Source(true);
}

/** The rows with codes of all modules. */
@Injectable()
export class AdoptedRows {
  constructor(private readonly discovery: DiscoveryService) {}

  /** @returns how many rows of each kind got a code */
  async adopt(tx: EntityManager): Promise<Readonly<Record<string, string>>> {
    const providers = this.discovery.getProviders({ metadataKey: Source.KEY });
    const counts: Record<string, string> = {};
    for (const { instance } of providers) {
      const rows = instance as CodedRows;
      counts[rows.name] = String(await rows.adopt(tx));
    }
    return counts;
  }
}
