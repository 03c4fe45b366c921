import { Injectable } from '@nestjs/common';
import { AddsForPreset } from '@countersign/applications';
import { BoardDirectory } from './board-directory';
import { BoardOperations } from './board-operations';

/** Clients of Metapro send scores to a leaderboard that exists. */
@Injectable()
@AddsForPreset('metapro')
export class BoardOfMetapro {
  constructor(
    private readonly directory: BoardDirectory,
    private readonly operations: BoardOperations,
  ) {}

  async addTo(applicationId: string): Promise<string | null> {
    const found = await this.directory.list(applicationId, { afterId: null, limit: 1 });
    if (found.length > 0) return null;
    const { id } = await this.operations.create({
      applicationId,
      name: 'Scores',
      rule: 'sum',
      better: 'higher',
      calendar: 'by-hand',
    });
    return `Leaderboard ${id}`;
  }
}
